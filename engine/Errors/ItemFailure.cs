using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Errors;

/// <summary>
/// One item of a backup or restore that went wrong (or was worth a warning) while the rest goes on. The phase of the whole
/// follows from the list of these. <see cref="Namespace"/> is null for what belongs to the whole run, and empty for a
/// cluster-scoped item.
/// </summary>
/// <param name="Namespace">Namespace of the item; "" for cluster scope; null for the run itself.</param>
/// <param name="Resource">Resource type as <c>resource.group</c>, or null.</param>
/// <param name="Name">Name of the object, or null.</param>
/// <param name="Message">What happened, for people.</param>
public sealed record ItemFailure(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Namespace, // written when null, too: a reader demands every member
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Resource,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Name,
    string Message);
