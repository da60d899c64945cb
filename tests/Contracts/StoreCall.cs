namespace BackupFunctions.Tests.Contracts;

/// <summary>One call that reached an <see cref="ObservedBlobStore"/>.</summary>
/// <param name="Number">1 for the first call of any kind.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Name">The blob, or the prefix of a listing.</param>
/// <param name="Bytes">What a put sends; what a get has delivered so far.</param>
internal sealed record StoreCall(int Number, StoreOperation Operation, string Name, long Bytes);
