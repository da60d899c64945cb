namespace BackupFunctions.Engine.Upkeep;

/// <summary>What the ticker remembers of a schedule. It may be lost: the names of the backups tell the most of it.</summary>
internal sealed record ScheduleMemory
{
    /// <summary>When the schedule was first seen: what was due before is not made up for.</summary>
    public DateTimeOffset? FirstSeen { get; init; }

    /// <summary>The newest due time that was taken.</summary>
    public DateTimeOffset? LastBackup { get; init; }

    /// <summary>Due times up to this one were left out on purpose.</summary>
    public DateTimeOffset? LastSkipped { get; init; }

    /// <summary>Whether it was paused when it was last looked at.</summary>
    public bool WasPaused { get; init; }
}

/// <summary>What somebody decided about a schedule after it was configured or created; stands above its <c>spec.paused</c>.</summary>
internal sealed record SchedulePause
{
    public bool Paused { get; init; }

    /// <summary>Due times up to this one, which passed in the pause, are left out.</summary>
    public DateTimeOffset? LastSkipped { get; init; }
}
