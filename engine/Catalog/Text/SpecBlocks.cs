using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Catalog.Text;

/// <summary>What a backup is to hold, for backups and for the templates of schedules.</summary>
internal static class SpecBlocks
{
    public static void Write(ColumnText text, BackupSpec spec)
    {
        text.Line(0, "Namespaces:");
        text.Row(1, "Included:", Words.Joined(spec.IncludedNamespaces, "*"));
        text.Row(1, "Excluded:", Words.Joined(spec.ExcludedNamespaces));
        text.Blank();
        Resources(text, spec);
        text.Blank();
        text.Row(0, "Label selector:", Words.Selector(spec.LabelSelector));
        text.Blank();
        text.Row(0, "Or label selector:", Words.Selectors(spec.OrLabelSelectors));
        text.Blank();
        text.Row(0, "Storage Location:", spec.StorageLocation ?? "");
        text.Blank();
        text.Row(0, "Velero-Native Snapshot PVs:", Words.Flag(spec.SnapshotVolumes));
        text.Row(0, "File System Backup (Default):", Words.Flag(spec.DefaultVolumesToRestic is true ? true : spec.DefaultVolumesToFsBackup, ifNull: ""));
        text.Row(0, "Snapshot Move Data:", Words.Flag(spec.SnapshotMoveData));
        text.Row(0, "Data Mover:", string.IsNullOrEmpty(spec.DataMover) ? "velero" : spec.DataMover);
        text.Blank();
        text.Row(0, "TTL:", GoDuration.Format(spec.Ttl));
        text.Blank();
        text.Row(0, "CSISnapshotTimeout:", GoDuration.Format(spec.CsiSnapshotTimeout));
        text.Row(0, "ItemOperationTimeout:", GoDuration.Format(spec.ItemOperationTimeout));
        text.Blank();
        Hooks(text, spec.Hooks);
        if (spec.OrderedResources is not null)
        {
            text.Blank();
            text.Line(0, "OrderedResources:");
            foreach ((string resource, string names) in spec.OrderedResources)
            {
                text.Line(1, $"{resource}: {names}");
            }
        }
    }

    /// <summary>Whether the newer pair of filters is in use, which tells cluster-scoped types from the others.</summary>
    public static bool HasScopedFilters(BackupSpec spec) =>
        spec.IncludedClusterScopedResources is not null || spec.ExcludedClusterScopedResources is not null
        || spec.IncludedNamespaceScopedResources is not null || spec.ExcludedNamespaceScopedResources is not null;

    private static void Resources(ColumnText text, BackupSpec spec)
    {
        text.Line(0, "Resources:");
        if (HasScopedFilters(spec))
        {
            text.Row(1, "Included cluster-scoped:", Words.Joined(spec.IncludedClusterScopedResources));
            text.Row(1, "Excluded cluster-scoped:", Words.Joined(spec.ExcludedClusterScopedResources));
            text.Row(1, "Included namespace-scoped:", Words.Joined(spec.IncludedNamespaceScopedResources, "*"));
            text.Row(1, "Excluded namespace-scoped:", Words.Joined(spec.ExcludedNamespaceScopedResources));
        }
        else
        {
            text.Row(1, "Included:", Words.Joined(spec.IncludedResources, "*"));
            text.Row(1, "Excluded:", Words.Joined(spec.ExcludedResources));
            text.Row(1, "Cluster-scoped:", Words.Flag(spec.IncludeClusterResources, "auto", "included", "excluded"));
        }
    }

    private static void Hooks(ColumnText text, BackupHooks hooks)
    {
        if (hooks.Resources is null)
        {
            text.Row(0, "Hooks:", Words.None);
            return;
        }

        text.Line(0, "Hooks:");
        text.Line(1, "Resources:");
        foreach (BackupResourceHookSpec hook in hooks.Resources)
        {
            text.Line(2, $"{hook.Name}:");
            text.Line(3, "Namespaces:");
            text.Row(4, "Included:", Words.Joined(hook.IncludedNamespaces, "*"));
            text.Row(4, "Excluded:", Words.Joined(hook.ExcludedNamespaces));
            text.Blank();
            text.Line(3, "Resources:");
            text.Row(4, "Included:", Words.Joined(hook.IncludedResources, "*"));
            text.Row(4, "Excluded:", Words.Joined(hook.ExcludedResources));
            text.Blank();
            text.Row(3, "Label selector:", Words.Selector(hook.LabelSelector));
            ExecHooks(text, "Pre Exec Hook:", hook.Pre);
            ExecHooks(text, "Post Exec Hook:", hook.Post);
        }
    }

    private static void ExecHooks(ColumnText text, string title, IReadOnlyList<BackupResourceHook>? hooks)
    {
        foreach (BackupResourceHook hook in hooks ?? [])
        {
            if (hook.Exec is { } exec)
            {
                text.Blank();
                text.Line(3, title);
                text.Row(4, "Container:", exec.Container ?? "");
                text.Row(4, "Command:", string.Join(' ', exec.Command ?? []));
                text.Row(4, "On Error:", exec.OnError ?? "");
                text.Row(4, "Timeout:", GoDuration.Format(exec.Timeout));
            }
        }
    }
}
