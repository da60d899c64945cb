namespace BackupFunctions.Engine.Restores;

/// <summary>The chosen objects of the tarball, sorted into parts of the work folder by the item that will restore them.</summary>
internal sealed record SplitTarball
{
    /// <summary>Group (see <see cref="ObjectGroup"/>) to blobs with tar members.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Parts { get; init; }
}
