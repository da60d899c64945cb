using System.Text.Json.Nodes;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>One request.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query below the server's address, as <c>api/v1/pods?limit=500</c>.</param>
/// <param name="Description">For messages, as <c>get pods "a" in "b"</c>.</param>
/// <param name="Body">JSON to send, or null.</param>
/// <param name="ContentType">The body's type.</param>
internal sealed record KubeCall(HttpMethod Method, string Path, string Description, JsonNode? Body = null, string ContentType = "application/json")
{
    public bool IsRead => Method == HttpMethod.Get;
}
