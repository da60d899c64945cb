using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Catalog;

/// <summary>What came of publishing a backup or restore.</summary>
/// <param name="Published">False when one of this name was there already; nothing of it was changed.</param>
/// <param name="LogFailure">Why the log could not be stored; the rest is published all the same. Null when it was.</param>
public sealed record Publication(bool Published, BackupException? LogFailure);
