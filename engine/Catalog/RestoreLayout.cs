using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Where the files of one restore lie. Velero's names, and <see cref="Metadata"/>, which only this program writes.</summary>
public sealed class RestoreLayout(RestoreName name)
{
    /// <summary>Prefix of all restores.</summary>
    public const string Root = "restores/";

    public RestoreName Name { get; } = name;

    /// <summary>Prefix of everything of this restore, with the slash.</summary>
    public string Folder { get; } = $"{Root}{name}/";

    /// <summary>Prefix of the state of a running restore; gone when it is finished.</summary>
    public string WorkFolder { get; } = $"{Root}{name}/work/";

    /// <summary>The Restore object.</summary>
    public BlobName Metadata { get; } = BlobName.Parse($"{Root}{name}/velero-restore.json");

    public BlobName Log => File("restore-", "-logs.gz");

    public BlobName Results => File("restore-", "-results.gz");

    public BlobName ResourceList => File("restore-", "-resource-list.json.gz");

    public BlobName ItemOperations => File("restore-", "-itemoperations.json.gz");

    /// <summary>The one file whose name Velero does not begin with <c>restore-</c>.</summary>
    public BlobName VolumeInfo => File("", "-volumeinfo.json.gz");

    private BlobName File(string prefix, string suffix) => BlobName.Parse($"{Folder}{prefix}{Name}{suffix}");
}
