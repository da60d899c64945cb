namespace BackupFunctions.Engine.Storage;

/// <summary>Whether a put may replace what is there.</summary>
public enum PutCondition
{
    /// <summary>Put in any case; an existing blob is replaced.</summary>
    Always,

    /// <summary>Put only if no blob of that name exists (If-None-Match: *).</summary>
    IfAbsent,
}
