using System.Text;
using System.Text.Json.Serialization;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Errors and warnings of a backup or restore, the content of its results file.</summary>
public sealed record ResultSet
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Result Errors { get; init => field = value ?? new(); } = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Result Warnings { get; init => field = value ?? new(); } = new();

    /// <summary>Sorts failures into the file's three groups. The texts are made of pieces as Velero makes them.</summary>
    public static ResultSet From(IEnumerable<ItemFailure> errors, IEnumerable<ItemFailure> warnings)
    {
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(warnings);
        return new ResultSet { Errors = Result.From(errors), Warnings = Result.From(warnings) };
    }
}

/// <summary>Messages by what they are about; empty groups are null.</summary>
public sealed record Result
{
    /// <summary>What concerns the run as a whole.</summary>
    public IReadOnlyList<string>? Velero { get; init => field = Absent.IfEmpty(value); }

    /// <summary>What concerns cluster-scoped objects.</summary>
    public IReadOnlyList<string>? Cluster { get; init => field = Absent.IfEmpty(value); }

    /// <summary>What concerns the objects of a namespace.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Namespaces { get; init => field = Absent.IfEmpty(value); }

    [JsonIgnore]
    public int Count => (Velero?.Count ?? 0) + (Cluster?.Count ?? 0) + (Namespaces?.Values.Sum(list => list.Count) ?? 0);

    public static Result From(IEnumerable<ItemFailure> failures)
    {
        ArgumentNullException.ThrowIfNull(failures);
        List<string> velero = [];
        List<string> cluster = [];
        Dictionary<string, IReadOnlyList<string>> namespaces = new(StringComparer.Ordinal);
        foreach (ItemFailure failure in failures)
        {
            List<string> group = failure.Namespace switch
            {
                null => velero,
                "" => cluster,
                _ when namespaces.TryGetValue(failure.Namespace, out IReadOnlyList<string>? list) => (List<string>)list,
                _ => [],
            };
            group.Add(Text(failure));
            if (failure.Namespace is { Length: > 0 } name)
            {
                namespaces[name] = group;
            }
        }

        return new Result { Velero = velero, Cluster = cluster, Namespaces = namespaces };
    }

    private static string Text(ItemFailure failure)
    {
        if (failure.Resource is null && failure.Name is null)
        {
            return failure.Message;
        }

        StringBuilder text = new();
        if (failure.Resource is { } resource)
        {
            text.Append(" resource: /").Append(resource);
        }

        if (failure.Name is { } name)
        {
            text.Append(" name: /").Append(name);
        }

        return text.Append(" message: /").Append(failure.Message).ToString();
    }
}
