namespace BackupFunctions.Tests.Contracts;

/// <summary>What an <see cref="ObservedBlobStore"/> does to a call.</summary>
internal enum StoreFault
{
    None,

    /// <summary>Fails with Unavailable and does nothing.</summary>
    FailBefore,

    /// <summary>Carries the call out and then fails with Unavailable, as when an answer is lost.</summary>
    FailAfter,

    /// <summary>A get breaks with Unavailable after half of its bytes.</summary>
    Cut,

    /// <summary>Fails with AccessDenied, which no repetition mends.</summary>
    Deny,
}
