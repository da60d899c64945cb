using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Commands to run in pods before and after they are backed up: <c>spec.hooks</c> of a backup.</summary>
public sealed record BackupHooks
{
    public IReadOnlyList<BackupResourceHookSpec>? Resources { get; init => field = Absent.IfEmpty(value); }
}

/// <summary>Hooks for the pods that its filters select.</summary>
public sealed record BackupResourceHookSpec
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Name { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string>? IncludedNamespaces { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedNamespaces { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? IncludedResources { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedResources { get; init => field = Absent.IfEmpty(value); }

    public LabelSelector? LabelSelector { get; init; }

    public IReadOnlyList<BackupResourceHook>? Pre { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<BackupResourceHook>? Post { get; init => field = Absent.IfEmpty(value); }
}

/// <summary>One hook; the only sort Velero has is a command.</summary>
public sealed record BackupResourceHook
{
    public ExecHook? Exec { get; init; }
}

/// <summary>A command in a container.</summary>
public sealed record ExecHook
{
    /// <summary>The container; null means the pod's first.</summary>
    public string? Container { get; init; }

    public IReadOnlyList<string>? Command { get; init => field = Absent.IfEmpty(value); }

    /// <summary><c>Fail</c> (default) or <c>Continue</c>.</summary>
    public string? OnError { get; init; }

    /// <summary>How long it may take; zero means 30 seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TimeSpan Timeout { get; init; }
}
