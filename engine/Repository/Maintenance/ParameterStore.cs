using System.Text.Json;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Reads and replaces the manifest entry that says who maintains the repository and how often.</summary>
internal sealed class ParameterStore(KopiaRepository repository)
{
    private static readonly Dictionary<string, string> Labels = new() { ["type"] = "maintenance" };

    /// <summary>The parameters; Kopia's defaults, without an owner, when nobody wrote any. Of several the latest counts.</summary>
    public async Task<MaintenanceParameters> LoadAsync(CancellationToken cancellationToken)
    {
        if ((await repository.FindManifestsAsync(Labels, cancellationToken)).LastOrDefault(static entry => entry.Labels.Count == 1) is not { } manifest)
        {
            return new MaintenanceParameters();
        }

        try
        {
            return JsonSerializer.Deserialize(manifest.Json.Span, RepositoryJson.Default.MaintenanceParameters) ?? throw Malformed(manifest);
        }
        catch (JsonException malformed)
        {
            throw Malformed(manifest, malformed);
        }
    }

    public async Task SaveAsync(MaintenanceParameters parameters, CancellationToken cancellationToken)
    {
        await using WriteSession session = await repository.StartWriteSessionAsync(cancellationToken);
        await session.ReplaceManifestAsync(Labels, JsonSerializer.SerializeToUtf8Bytes(parameters, RepositoryJson.Default.MaintenanceParameters), cancellationToken);
        await session.FlushAsync(cancellationToken);
    }

    private static RepositoryCorruptException Malformed(ManifestEntry manifest, Exception? inner = null) =>
        new($"(manifest {manifest.Id})", null, "JSON of maintenance parameters", "something else", inner);
}
