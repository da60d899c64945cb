namespace BackupFunctions.Tests.Peers;

/// <summary>
/// One server of each kind for the whole run of the tests, started by the first test that asks. A test uses names of its
/// own (queues, buckets, namespaces) and leaves the server running; one that kills servers starts its own. Nobody disposes
/// of these: their guards end them, and remove their folders, when the test host ends.
/// </summary>
internal static class SharedPeers
{
    private static readonly Lazy<Task<AzuriteServer>> Azurite = new(() => AzuriteServer.StartAsync());
    private static readonly Lazy<Task<S3Gateway>> Gateway = new(() => S3Gateway.StartAsync());
    private static readonly Lazy<Task<KubeApiServer>> ApiServer = new(() => KubeApiServer.StartAsync());

    public static Task<AzuriteServer> AzuriteAsync() => Azurite.Value;

    public static Task<S3Gateway> S3GatewayAsync() => Gateway.Value;

    public static Task<KubeApiServer> KubeApiServerAsync() => ApiServer.Value;
}
