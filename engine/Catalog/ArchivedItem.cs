namespace BackupFunctions.Engine.Catalog;

/// <summary>One item read from a tarball.</summary>
/// <param name="Key">Which item.</param>
/// <param name="Json">The object's JSON as it was stored; the receiver owns the memory.</param>
public sealed record ArchivedItem(ItemKey Key, ReadOnlyMemory<byte> Json);
