using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Client.Http;

/// <summary>Backups or restores behind the function app's API.</summary>
internal sealed class HttpRuns<T>(HttpApi api, string plural, JsonTypeInfo<T> type) : HttpObjects<T>(api, plural, type), IRunClient<T>
{
    public Task<Stream> OpenLogAsync(string name, CancellationToken cancellationToken) => Api.OpenAsync(PathOf(name, "logs"), cancellationToken);

    public Task CancelAsync(string name, CancellationToken cancellationToken) => Api.SendAsync(HttpMethod.Post, PathOf(name, "cancel"), cancellationToken);

    public async Task<IReadOnlyList<RunItem>?> ReadItemsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await Api.GetAsync(PathOf(name, "items"), ApiJsonContext.Default.RunItemList, cancellationToken)).Items;
        }
        catch (BackupException e) when (e.Kind is ErrorKind.NotFound)
        {
            return null;
        }
    }
}
