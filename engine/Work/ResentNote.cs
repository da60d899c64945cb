namespace BackupFunctions.Engine.Work;

/// <summary>How often the message of an item was sent again.</summary>
public sealed record ResentNote(int Count);
