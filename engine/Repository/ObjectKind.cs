namespace BackupFunctions.Engine.Repository;

/// <summary>What an object's bytes are; decides the letter of its contents and whether they are compressed.</summary>
public enum ObjectKind
{
    /// <summary>A file's bytes or a symbolic link's target: contents without a letter, compressed only when asked for.</summary>
    File,

    /// <summary>A directory's JSON: contents with the letter <c>k</c>, compressed where the format knows it.</summary>
    Directory,
}
