namespace BackupFunctions.Tests.Peers.Kopia;

/// <summary>
/// Where kopia finds a repository, as its command line says it: <c>kopia repository create|connect PROVIDER FLAGS</c>
/// (kopia v0.23.1 cli/storage_filesystem.go and cli/storage_s3.go).
/// </summary>
internal sealed record KopiaPlace(string Provider, IReadOnlyList<string> Flags)
{
    /// <param name="path">Absolute; in kopia's layout (<see cref="KopiaLayout"/>).</param>
    public static KopiaPlace Folder(string path) => new("filesystem", [$"--path={path}"]);

    /// <param name="prefix">With its last '/'.</param>
    public static KopiaPlace Bucket(Uri endpoint, string bucket, string prefix, string accessKey, string secretKey, string region) => new(
        "s3",
        [
            $"--endpoint={endpoint.Authority}",
            .. endpoint.Scheme == Uri.UriSchemeHttp ? ["--disable-tls"] : Array.Empty<string>(),
            $"--bucket={bucket}",
            $"--prefix={prefix}",
            $"--region={region}",
            $"--access-key={accessKey}",
            $"--secret-access-key={secretKey}",
        ]);
}
