using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Work;

/// <summary>What sort of run a plan belongs to; decides the folder in the bucket.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunKind>))]
public enum RunKind
{
    /// <summary>Lies under <c>backups/</c>.</summary>
    [JsonStringEnumMemberName("backup")]
    Backup,

    /// <summary>Lies under <c>restores/</c>.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,
}
