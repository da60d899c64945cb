namespace BackupFunctions.Engine.Repository.Objects;

/// <summary>A part of an object.</summary>
/// <param name="Start">Where it starts in the whole.</param>
/// <param name="LengthBytes">Its length; -1 when only reading it tells.</param>
/// <param name="Id">The part itself.</param>
internal readonly record struct ObjectPart(long Start, long LengthBytes, ObjectId Id);
