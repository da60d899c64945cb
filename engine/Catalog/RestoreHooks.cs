using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Commands and init containers for restored pods: <c>spec.hooks</c> of a restore.</summary>
public sealed record RestoreHooks
{
    public IReadOnlyList<RestoreResourceHookSpec>? Resources { get; init => field = Absent.IfEmpty(value); }
}

/// <summary>Hooks for the pods that its filters select.</summary>
public sealed record RestoreResourceHookSpec
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Name { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string>? IncludedNamespaces { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedNamespaces { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? IncludedResources { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? ExcludedResources { get; init => field = Absent.IfEmpty(value); }

    public LabelSelector? LabelSelector { get; init; }

    public IReadOnlyList<RestoreResourceHook>? PostHooks { get; init => field = Absent.IfEmpty(value); }
}

/// <summary>One hook: a command after the start or init containers.</summary>
public sealed record RestoreResourceHook
{
    public ExecRestoreHook? Exec { get; init; }

    public InitRestoreHook? Init { get; init; }
}

/// <summary>A command in a restored pod's container once it runs.</summary>
public sealed record ExecRestoreHook
{
    public string? Container { get; init; }

    public IReadOnlyList<string>? Command { get; init => field = Absent.IfEmpty(value); }

    /// <summary><c>Fail</c> or <c>Continue</c> (default).</summary>
    public string? OnError { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TimeSpan ExecTimeout { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TimeSpan WaitTimeout { get; init; }

    public bool? WaitForReady { get; init; }
}

/// <summary>Init containers to put into a restored pod.</summary>
public sealed record InitRestoreHook
{
    /// <summary>Container objects as they are; name, image and command are required.</summary>
    public JsonElement? InitContainers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TimeSpan Timeout { get; init; }
}
