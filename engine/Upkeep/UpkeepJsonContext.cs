using System.Text.Json.Serialization;
using BackupFunctions.Engine.Json;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>JSON of what the app remembers of schedules.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(KubeTimeJsonConverter)])]
[JsonSerializable(typeof(ScheduleMemory))]
[JsonSerializable(typeof(SchedulePause))]
internal sealed partial class UpkeepJsonContext : JsonSerializerContext;
