namespace BackupFunctions.Engine.Repository;

/// <summary>What a maintenance is asked to do.</summary>
public sealed record MaintenanceOptions
{
    /// <summary>How much. What is due, by default.</summary>
    public MaintenanceMode Mode { get; init; } = MaintenanceMode.Auto;

    /// <summary>Whether others may be at work on the repository. They may, by default.</summary>
    public MaintenanceSafety Safety { get; init; } = MaintenanceSafety.Full;

    /// <summary>Runs although the repository's owner is somebody else. Only sensible when that somebody does not run at the same time.</summary>
    public bool Force { get; init; }

    /// <summary>Who runs it, as <c>user@host</c>; null for the user and host of the repository's options.</summary>
    public string? Identity { get; init; }

    /// <summary>Makes <see cref="Identity"/> the repository's owner first, so that from then on whoever was the owner refuses to run.</summary>
    public bool TakeOwnership { get; init; }

    /// <summary>All that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (Identity is { } identity && (identity.IndexOf('@', StringComparison.Ordinal) is var at && (at <= 0 || at == identity.Length - 1)))
        {
            problems.Add($"'{identity}' is not of the form user@host");
        }

        if (!Enum.IsDefined(Mode) || !Enum.IsDefined(Safety))
        {
            problems.Add("mode or safety is none that there is");
        }

        return problems;
    }
}
