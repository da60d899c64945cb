using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Restores;

/// <summary>Fields of a request that this program takes without acting on them: each becomes a warning of the restore.</summary>
internal static class IgnoredFields
{
    public static IEnumerable<ItemFailure> Of(RestoreSpec spec)
    {
        (bool IsSet, string Field, string Effect)[] fields =
        [
            (spec.Hooks.Resources is not null, "hooks", "no command is run in any pod, and no init container is added"),
            (spec.RestoreStatus is not null, "restoreStatus", "the status of objects is not restored"),
            (spec.ResourceModifier is not null, "resourceModifier", "objects are not modified"),
        ];
        return from field in fields where field.IsSet select new ItemFailure(null, null, null, $"{field.Field} of the request has no effect here: {field.Effect}");
    }
}
