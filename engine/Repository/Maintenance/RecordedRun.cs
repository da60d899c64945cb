using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>One run of a task in the schedule.</summary>
internal sealed record RecordedRun
{
    [JsonPropertyName("start")]
    public string? StartText { get; init; }

    [JsonPropertyName("end")]
    public string? EndText { get; init; }

    [JsonPropertyName("success")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSuccess { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }

    /// <summary>What it counted, since v0.22: <c>[{"kind":…,"data":{…}}]</c>.</summary>
    [JsonPropertyName("extra")]
    public JsonElement? Extra { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    [JsonIgnore]
    public UnixNanos Start => UnixNanos.Parse(StartText ?? "");

    [JsonIgnore]
    public UnixNanos End => UnixNanos.Parse(EndText ?? "");

    /// <summary>Whether both times can be read; checked once, when the schedule is loaded.</summary>
    [JsonIgnore]
    public bool HasTimes => UnixNanos.TryParse(StartText, out _) && UnixNanos.TryParse(EndText, out _);
}
