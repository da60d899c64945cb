namespace BackupFunctions.Engine.Work;

/// <summary>
/// One message: references only, never data. What is to be done stands in the plan in the bucket; a message merely says where to look.
/// </summary>
public sealed record WorkMessage
{
    /// <summary>Version of this shape; readers refuse what they do not know.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What kind of run it belongs to: <c>backup</c>, <c>restore</c>, <c>delete-backup</c> or <c>maintain-repository</c>.</summary>
    public required string Run { get; init; }

    /// <summary>Name of the backup or restore; of the namespace, when its repository is to be maintained.</summary>
    public required string Name { get; init; }

    /// <summary>Id of the plan's item, or null for a message on the whole run (finish, delete).</summary>
    public string? Item { get; init; }
}
