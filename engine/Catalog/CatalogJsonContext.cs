using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Engine.Json;

namespace BackupFunctions.Engine.Catalog;

/// <summary>JSON of everything in the catalog: Velero's keys, empty members left out, Go's durations, times with seconds.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(GoDurationJsonConverter), typeof(KubeTimeJsonConverter)])]
[JsonSerializable(typeof(VeleroBackup))]
[JsonSerializable(typeof(VeleroRestore))]
[JsonSerializable(typeof(VeleroSchedule))]
[JsonSerializable(typeof(IReadOnlyList<PodVolumeBackup>))]
[JsonSerializable(typeof(IReadOnlyList<BackupVolumeInfo>))]
[JsonSerializable(typeof(IReadOnlyList<RestoreVolumeInfo>))]
[JsonSerializable(typeof(IReadOnlyList<ItemOperation>))]
[JsonSerializable(typeof(IReadOnlyList<NativeVolumeSnapshot>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<string>>))]
[JsonSerializable(typeof(ResultSet))]
[JsonSerializable(typeof(JsonElement))]
public sealed partial class CatalogJsonContext : JsonSerializerContext;
