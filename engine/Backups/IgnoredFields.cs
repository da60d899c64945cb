using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Backups;

/// <summary>Fields of a request that this program takes without acting on them: each becomes a warning of the backup.</summary>
internal static class IgnoredFields
{
    public static IEnumerable<ItemFailure> Of(BackupSpec spec)
    {
        (bool IsSet, string Field, string Effect)[] fields =
        [
            (spec.Hooks.Resources is not null, "hooks", "no command is run in any pod"),
            (spec.ResourcePolicy is not null, "resourcePolicy", "volume policies are not applied"),
            (spec.OrderedResources is not null, "orderedResources", "objects are taken in the usual order"),
            (spec.SnapshotMoveData == true, "snapshotMoveData", "volumes are read through mounts, not through CSI snapshots"),
            (spec.UploaderConfig is { ParallelFilesUpload: > 0 }, "uploaderConfig", "files are read with the usual parallelism"),
        ];
        return from field in fields where field.IsSet select new ItemFailure(null, null, null, $"{field.Field} of the request has no effect here: {field.Effect}");
    }
}
