namespace BackupFunctions.Cli.Client;

/// <summary>Where one piece of a running backup or restore stands.</summary>
internal sealed record RunItem
{
    public required string Id { get; init; }

    /// <summary>What it is: <c>namespace</c>, <c>volume</c>, <c>cluster</c> …</summary>
    public required string Kind { get; init; }

    /// <summary>Items of a stage wait for those of the stages before.</summary>
    public int Stage { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    /// <summary>One of <see cref="RunItemState"/>.</summary>
    public required string State { get; init; }

    /// <summary>The process that does it or has done it.</summary>
    public string? Worker { get; init; }

    public long ItemsDone { get; init; }

    public long ItemsTotal { get; init; }

    public long BytesDone { get; init; }

    public long BytesTotal { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public int Errors { get; init; }

    public int Warnings { get; init; }

    /// <summary>For people: the claim or namespace it is about, or its kind.</summary>
    public string Title => (Namespace, Name, Kind) switch
    {
        ({ } ns, { } name, _) => $"{Kind} {ns}/{name}",
        ({ } ns, null, _) => $"{Kind} {ns}",
        (null, { } name, _) => $"{Kind} {name}",
        (_, _, "cluster") => "cluster-scoped objects",
        (_, _, "prerequisites") => "namespaces and definitions",
        (_, _, "last") => "webhooks and API services",
        _ => Kind,
    };
}

/// <summary>The states of a <see cref="RunItem"/>.</summary>
internal static class RunItemState
{
    public const string Waiting = "waiting";
    public const string Running = "running";
    public const string Done = "done";
    public const string Failed = "failed";

    public static bool IsEnd(string state) => state is Done or Failed;
}
