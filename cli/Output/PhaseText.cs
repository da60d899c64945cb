using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Output;

/// <summary>Columns that all tables share.</summary>
internal static class PhaseText
{
    /// <summary><c>New</c> when nobody has looked at the object, <c>Deleting</c> when it is going.</summary>
    public static string Of(ObjectMetadata metadata, string? phase) => (metadata.DeletionTimestamp, phase) switch
    {
        (not null, _) => "Deleting",
        (_, null or "") => "New",
        _ => phase,
    };

    public static string Selector(LabelSelector? selector) => selector?.ToText() ?? "<none>";
}
