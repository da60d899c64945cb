using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BackupFunctions.Cli.Client.Http;

/// <summary>The objects of one kind behind the function app's API.</summary>
/// <param name="api">The app.</param>
/// <param name="plural">The last part of the route: <c>backups</c>, <c>restores</c>, <c>schedules</c>.</param>
/// <param name="type">JSON of the objects.</param>
internal class HttpObjects<T>(HttpApi api, string plural, JsonTypeInfo<T> type) : IObjectClient<T>
{
    protected HttpApi Api { get; } = api;

    public async IAsyncEnumerable<T> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        JsonElement list = await Api.GetAsync(plural, ApiJsonContext.Default.JsonElement, cancellationToken);
        foreach (JsonElement item in ItemsOf(list).EnumerateArray())
        {
            yield return item.Deserialize(type)!; // an object is not null
        }
    }

    public Task<T> GetAsync(string name, CancellationToken cancellationToken) => Api.GetAsync(PathOf(name), type, cancellationToken);

    public Task<T> CreateAsync(T value, CancellationToken cancellationToken) =>
        Api.PostAsync(plural, JsonSerializer.SerializeToUtf8Bytes(value, type), type, cancellationToken);

    public Task<string> DescribeAsync(string name, bool details, CancellationToken cancellationToken) =>
        Api.GetTextAsync(PathOf(name, "describe") + (details ? "?details=true" : ""), cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => Api.SendAsync(HttpMethod.Delete, PathOf(name), cancellationToken);

    protected string PathOf(string name) => $"{plural}/{Uri.EscapeDataString(name)}";

    protected string PathOf(string name, string part) => $"{PathOf(name)}/{part}";

    private static JsonElement ItemsOf(JsonElement list) =>
        list.ValueKind == JsonValueKind.Object && list.TryGetProperty("items", out JsonElement items) && items.ValueKind == JsonValueKind.Array
            ? items
            : throw new Engine.Errors.BackupException(
                Engine.Errors.ErrorKind.Unsupported,
                "The function app answered with something that is no list of objects.",
                "Check that its version is that of backupctl ('backupctl version').");
}
