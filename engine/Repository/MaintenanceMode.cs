namespace BackupFunctions.Engine.Repository;

/// <summary>How much a maintenance does.</summary>
public enum MaintenanceMode
{
    /// <summary>What the repository's schedule says is due: full, quick or nothing.</summary>
    Auto,

    /// <summary>Keeps the index blobs few: cheap, and frees hardly anything.</summary>
    Quick,

    /// <summary>Finds what no snapshot needs, packs what is left anew, and deletes what nothing refers to any more.</summary>
    Full,
}
