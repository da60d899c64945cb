using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Kubernetes' ObjectMeta as far as Velero's objects use it; other members are kept as they are. Empty lists and maps are null.</summary>
public sealed record ObjectMetadata
{
    public string? Name { get; init; }

    public string? GenerateName { get; init; }

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public long Generation { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public DateTimeOffset? DeletionTimestamp { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyDictionary<string, string>? Annotations { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init => field = Absent.IfEmpty(value); }

    public IReadOnlyList<string>? Finalizers { get; init => field = Absent.IfEmpty(value); }

    /// <summary>Who set which field, as the API server recorded it; never interpreted.</summary>
    public JsonElement? ManagedFields { get; init; }

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>The value of a label, or null.</summary>
    public string? Label(string key) => Labels?.GetValueOrDefault(key);

    /// <summary>The value of an annotation, or null.</summary>
    public string? Annotation(string key) => Annotations?.GetValueOrDefault(key);
}

/// <summary>An entry of <c>metadata.ownerReferences</c>.</summary>
public sealed record OwnerReference
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public bool? Controller { get; init; }

    public bool? BlockOwnerDeletion { get; init; }
}
