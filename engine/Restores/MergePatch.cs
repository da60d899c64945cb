using System.Text.Json.Nodes;

namespace BackupFunctions.Engine.Restores;

/// <summary>RFC 7386: the merge patch that turns one JSON object into another. Arrays are replaced as a whole.</summary>
internal static class MergePatch
{
    public static JsonObject Between(JsonObject from, JsonObject to)
    {
        JsonObject patch = [];
        foreach ((string name, JsonNode? wanted) in to)
        {
            if (!from.TryGetPropertyValue(name, out JsonNode? present))
            {
                patch[name] = wanted?.DeepClone();
            }
            else if (present is JsonObject presentObject && wanted is JsonObject wantedObject)
            {
                JsonObject inner = Between(presentObject, wantedObject);
                if (inner.Count > 0)
                {
                    patch[name] = inner;
                }
            }
            else if (!JsonNode.DeepEquals(present, wanted))
            {
                patch[name] = wanted?.DeepClone();
            }
        }

        foreach ((string name, _) in from)
        {
            if (!to.ContainsKey(name))
            {
                patch[name] = null;
            }
        }

        return patch;
    }
}
