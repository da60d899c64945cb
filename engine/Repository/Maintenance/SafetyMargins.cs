namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>
/// Every age and margin that keeps maintenance from taking data that somebody still needs, in one place and passed to the tasks as
/// one value. The numbers of <see cref="Full"/> are Kopia's (repo/maintenance/maintenance_safety.go, v0.23.1): real Kopia and this
/// program maintain one repository in turn, and each counts on the other's.
/// </summary>
internal sealed record SafetyMargins
{
    /// <summary>For repositories in use.</summary>
    public static SafetyMargins Full { get; } = new()
    {
        MinContentAge = TimeSpan.FromHours(24),
        MarginBetweenCollections = TimeSpan.FromHours(4),
        DropMargin = TimeSpan.FromHours(1),
        RewriteMinAge = TimeSpan.FromHours(2),
        PackMinAge = TimeSpan.FromHours(24),
        SessionExpiration = TimeSpan.FromHours(96),
        RewriteToDeletion = TimeSpan.FromHours(1),
        IndexSettleTime = TimeSpan.FromHours(1),
        RequiresTwoCollections = true,
        HonoursEpochMargin = true,
    };

    /// <summary>For repositories that nobody else uses.</summary>
    public static SafetyMargins None { get; } = new();

    /// <summary>
    /// Younger contents that no snapshot needs stay: a snapshot that needs them may be on its way. Writers publish a checkpoint at
    /// least every 45 minutes, so a day is ample even for one whose clock is wrong.
    /// </summary>
    public TimeSpan MinContentAge { get; private init; }

    /// <summary>
    /// So long before the newest collection an earlier one must have ended for the contents that it marked to go for good. A writer may
    /// find a content just before it is marked; the snapshot that it then publishes, within less than this, is seen by the newest
    /// collection, which takes the mark away.
    /// </summary>
    public TimeSpan MarginBetweenCollections { get; private init; }

    /// <summary>Only marks older than the start of that earlier collection by this much go: clocks of writers and maintainers differ.</summary>
    public TimeSpan DropMargin { get; private init; }

    /// <summary>Younger contents are not moved to other packs: their writer may still be reading them from where it put them.</summary>
    public TimeSpan RewriteMinAge { get; private init; }

    /// <summary>Younger packs stay though no index refers to them: they may have been put by a writer whose index follows.</summary>
    public TimeSpan PackMinAge { get; private init; }

    /// <summary>Packs of a session stay as long as its marker is younger: the longest that a writer may go without a flush, and four days of patience.</summary>
    public TimeSpan SessionExpiration { get; private init; }

    /// <summary>
    /// So long after contents were moved their old packs stay: readers look for contents where an index says that is up to 20 minutes
    /// old, and then in a new one.
    /// </summary>
    public TimeSpan RewriteToDeletion { get; private init; }

    /// <summary>The same for index blobs of the old scheme that were merged: so long they stay for readers who listed before.</summary>
    public TimeSpan IndexSettleTime { get; private init; }

    /// <summary>Whether two collections have to agree before a content goes for good.</summary>
    public bool RequiresTwoCollections { get; private init; }

    /// <summary>Whether merged index blobs of epochs stay for the repository's own margin (<c>CleanupSafetyMargin</c>, four hours).</summary>
    public bool HonoursEpochMargin { get; private init; }

    public static SafetyMargins Of(MaintenanceSafety safety) => safety switch
    {
        MaintenanceSafety.Full => Full,
        MaintenanceSafety.None => None,
        _ => throw new ArgumentOutOfRangeException(nameof(safety), safety, "No such safety."),
    };
}
