using System.Text.Json.Nodes;
using Xunit;

namespace BackupFunctions.Tests.Peers.Smoke;

public sealed class KubeApiServerTests
{
    [PeerFact(Peer.KubeApiServer)]
    public async Task A_deleted_namespace_disappears_with_what_is_in_it()
    {
        var api = (await SharedPeers.KubeApiServerAsync()).Api;
        await api.CreateNamespaceAsync("smoke-delete");
        await api.CreateAsync("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"smoke-delete"},"data":{"k":"v"}}""");

        await api.DeleteAsync("/api/v1/namespaces/smoke-delete");

        await api.WaitUntilGoneAsync("/api/v1/namespaces/smoke-delete");
    }

    [PeerFact(Peer.KubeApiServer)]
    public async Task A_custom_resource_keeps_labels_and_zero_values()
    {
        var api = (await SharedPeers.KubeApiServerAsync()).Api;
        await api.CreateAsync("""
            {
              "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
              "metadata": { "name": "lamps.smoke.example.org" },
              "spec": {
                "group": "smoke.example.org", "scope": "Namespaced",
                "names": { "plural": "lamps", "singular": "lamp", "kind": "Lamp", "listKind": "LampList" },
                "versions": [{
                  "name": "v1", "served": true, "storage": true,
                  "schema": { "openAPIV3Schema": { "type": "object", "properties": { "spec": {
                    "type": "object", "properties": {
                      "name": { "type": "string" }, "level": { "type": "integer" }, "on": { "type": "boolean" } } } } } }
                }]
              }
            }
            """);

        await api.CreateAsync("""
            {
              "apiVersion": "smoke.example.org/v1", "kind": "Lamp",
              "metadata": { "name": "one", "namespace": "default", "labels": { "room": "hall" }, "annotations": { "a": "b" } },
              "spec": { "name": "", "level": 0, "on": false }
            }
            """);

        var lamp = await api.GetAsync("/apis/smoke.example.org/v1/namespaces/default/lamps/one");
        Assert.Equal("hall", (string?)lamp["metadata"]?["labels"]?["room"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"name":"","level":0,"on":false}"""), lamp["spec"]));
    }

    [PeerFact(Peer.KubeApiServer)]
    public async Task A_claim_binds_to_the_volume_made_for_it()
    {
        var api = (await SharedPeers.KubeApiServerAsync()).Api;
        await api.CreateNamespaceAsync("smoke-claims");
        await api.CreateAsync("""
            {
              "apiVersion": "v1", "kind": "PersistentVolume", "metadata": { "name": "smoke-volume" },
              "spec": {
                "capacity": { "storage": "1Gi" }, "accessModes": ["ReadWriteOnce"], "storageClassName": "nfs-client",
                "hostPath": { "path": "/nowhere" }, "claimRef": { "namespace": "smoke-claims", "name": "data" }
              }
            }
            """);

        await api.CreateAsync("""
            {
              "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": { "name": "data", "namespace": "smoke-claims" },
              "spec": {
                "accessModes": ["ReadWriteOnce"], "storageClassName": "nfs-client", "volumeName": "smoke-volume",
                "resources": { "requests": { "storage": "1Gi" } }
              }
            }
            """);

        await api.WaitUntilAsync(
            "/api/v1/namespaces/smoke-claims/persistentvolumeclaims/data",
            claim => (string?)claim?["status"]?["phase"] == "Bound");
    }
}
