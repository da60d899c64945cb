namespace BackupFunctions.Engine.Catalog.Text;

/// <summary>Blocks that the descriptions of backups, restores and schedules share.</summary>
internal static class CommonBlocks
{
    private const int ResultIndent = 1;

    public static void Metadata(ColumnText text, ObjectMetadata metadata)
    {
        text.Row(0, "Name:", metadata.Name ?? "");
        text.Row(0, "Namespace:", metadata.Namespace ?? "");
        text.Rows(0, "Labels:", Words.Pairs(metadata.Labels));
        text.Rows(0, "Annotations:", Words.Pairs(metadata.Annotations));
        text.Blank();
    }

    public static void ValidationErrors(ColumnText text, IReadOnlyList<string>? errors)
    {
        if (errors is not null)
        {
            text.Rows(0, "Validation errors:", errors);
            text.Blank();
        }
    }

    public static void Results(ColumnText text, string title, int count, Result result)
    {
        if (count == 0)
        {
            return;
        }

        text.Line(0, $"{title}:");
        Group(text, "Velero:     ", result.Velero);
        Group(text, "Cluster:    ", result.Cluster);
        if (result.Namespaces is null)
        {
            text.Line(ResultIndent, $"Namespaces: {Words.None}");
        }
        else
        {
            text.Line(ResultIndent, "Namespaces:");
            foreach ((string name, IReadOnlyList<string> messages) in result.Namespaces)
            {
                text.Rows(ResultIndent + 1, $"{name}:", messages);
            }
        }

        text.Blank();
    }

    public static void ResourceList(ColumnText text, IReadOnlyDictionary<string, IReadOnlyList<string>> list)
    {
        if (list.Count == 0)
        {
            text.Row(0, "Resource List:", Words.None);
        }
        else
        {
            text.Line(0, "Resource List:");
        }

        foreach ((string kind, IReadOnlyList<string> names) in list.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Line(1, $"{kind}:");
            foreach (string name in names)
            {
                text.Line(2, $"- {name}");
            }
        }
    }

    public static void ItemOperations(ColumnText text, string title, int attempted, int completed, int failed, IReadOnlyList<ItemOperation> operations, bool withDetails)
    {
        if (attempted == 0)
        {
            return;
        }

        if (!withDetails)
        {
            text.Row(0, $"{title}:", $"{completed} of {attempted} completed successfully, {failed} failed (specify --details for more information)");
            text.Blank();
            return;
        }

        text.Line(0, $"{title}:");
        foreach (ItemOperation operation in operations)
        {
            ItemOperation(text, operation);
        }

        text.Blank();
    }

    private static void ItemOperation(ColumnText text, ItemOperation operation)
    {
        ResourceIdentifier item = operation.Spec.ResourceIdentifier;
        string type = item.Group.Length == 0 ? item.Resource : $"{item.Resource}.{item.Group}";
        text.Line(1, $"Operation for {type} {(item.Namespace.Length == 0 ? item.Name : $"{item.Namespace}/{item.Name}")}:");
        text.Row(2, "Item Action Plugin:", operation.Spec.BackupItemAction ?? operation.Spec.RestoreItemAction ?? "");
        text.Row(2, "Operation ID:", operation.Spec.OperationId ?? "");
        text.Row(2, "Phase:", operation.Status.Phase ?? "");
        if (operation.Status.Error is { } error)
        {
            text.Row(2, "Operation Error:", error);
        }

        if (operation.Status.TotalCount > 0 || operation.Status.CompletedCount > 0)
        {
            text.Row(2, "Progress:", $"{operation.Status.CompletedCount} of {operation.Status.TotalCount} complete ({operation.Status.OperationUnits})");
        }

        if (operation.Status.Description is { } description)
        {
            text.Row(2, "Progress description:", description);
        }

        text.Row(2, "Created:", Words.Time(operation.Status.Created));
        text.Row(2, "Started:", Words.Time(operation.Status.Started));
        text.Row(2, "Updated:", Words.Time(operation.Status.Updated));
    }

    private static void Group(ColumnText text, string label, IReadOnlyList<string>? messages)
    {
        string start = label;
        foreach (string message in messages ?? [Words.None])
        {
            text.Line(ResultIndent, start + message);
            start = new string(' ', label.Length);
        }
    }
}
