namespace BackupFunctions.Engine.Storage;

/// <summary>A store in a folder of this machine, or of a share that is mounted on it.</summary>
/// <param name="Path">Absolute path.</param>
public sealed record FolderStoreUrl(string Path) : BlobStoreUrl
{
    public override string ToString() => "file://" + Encode(Path);

    internal static FolderStoreUrl ParseParts(string place, string? query)
    {
        if (!place.StartsWith('/'))
        {
            throw Wrong("a file URL needs an absolute path after 'file://', so that three slashes follow 'file:'");
        }

        if (query is not null)
        {
            throw Wrong("a file URL has no parameters");
        }

        return new FolderStoreUrl(Decode(place, "path"));
    }
}
