namespace BackupFunctions.Tests.Engine.Runs;

/// <summary>A little cluster in a folder: namespace app with a workload, its claim with data, and a custom resource; namespace other.</summary>
internal static class SmallCluster
{
    public static void Write(string folder)
    {
        WriteFile(folder, "cluster.yaml", """
            name: small
            nfs:
              server: nas.test
              path: /export
              folder: volumes
            """);
        Object(folder, "namespaces/_cluster/app", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: app\n  labels:\n    team: blue\n");
        Object(folder, "namespaces/_cluster/other", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: other\n");
        Object(folder, "storageclasses.storage.k8s.io/_cluster/nfs-client", """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata:
              name: nfs-client
            provisioner: cluster.local/nfs-subdir-external-provisioner
            reclaimPolicy: Delete
            volumeBindingMode: Immediate
            """);
        Object(folder, "persistentvolumeclaims/app/data", """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: data
              namespace: app
              annotations:
                pv.kubernetes.io/bind-completed: "yes"
            spec:
              accessModes: [ReadWriteOnce]
              storageClassName: nfs-client
              volumeName: pvc-1
              resources:
                requests:
                  storage: 1Gi
            status:
              phase: Bound
            """);
        Object(folder, "persistentvolumes/_cluster/pvc-1", """
            apiVersion: v1
            kind: PersistentVolume
            metadata:
              name: pvc-1
              annotations:
                pv.kubernetes.io/provisioned-by: cluster.local/nfs-subdir-external-provisioner
            spec:
              accessModes: [ReadWriteOnce]
              capacity:
                storage: 1Gi
              claimRef:
                namespace: app
                name: data
              nfs:
                server: nas.test
                path: /export/app-data-pvc-1
              persistentVolumeReclaimPolicy: Delete
              storageClassName: nfs-client
            status:
              phase: Bound
            """);
        Object(folder, "configmaps/app/settings", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: app\ndata:\n  colour: blue\n  number: \"1e3\"\n");
        Object(folder, "secrets/app/key", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: key\n  namespace: app\ntype: Opaque\ndata:\n  token: c2VjcmV0\n");
        Object(folder, "configmaps/other/settings", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: other\ndata:\n  colour: red\n");
        Object(folder, "deployments.apps/app/web", """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
              namespace: app
            spec:
              replicas: 1
              selector:
                matchLabels:
                  app: web
              template:
                metadata:
                  labels:
                    app: web
                spec:
                  containers:
                    - name: web
                      image: web:1
                  volumes:
                    - name: data
                      persistentVolumeClaim:
                        claimName: data
            """);
        Object(folder, "services/app/web", """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              namespace: app
            spec:
              clusterIP: 10.0.0.7
              ports:
                - port: 80
                  protocol: TCP
                  nodePort: 30123
              type: NodePort
            """);
        Object(folder, "customresourcedefinitions.apiextensions.k8s.io/_cluster/widgets.example.org", """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: widgets.example.org
            spec:
              group: example.org
              scope: Namespaced
              names:
                kind: Widget
                plural: widgets
                singular: widget
              versions:
                - name: v1
                  served: true
                  storage: true
            """);
        Object(folder, "widgets.example.org/app/round", "apiVersion: example.org/v1\nkind: Widget\nmetadata:\n  name: round\n  namespace: app\nspec:\n  ratio: 1.0\n  big: 9007199254740993\n");
        string data = Path.Combine(folder, "volumes", "app-data-pvc-1");
        Directory.CreateDirectory(Path.Combine(data, "deep", "empty"));
        File.WriteAllText(Path.Combine(data, "readme.txt"), "hello\n");
        byte[] bytes = new byte[3_000_000];
        new Random(7).NextBytes(bytes);
        File.WriteAllBytes(Path.Combine(data, "deep", "blob.bin"), bytes);
        File.SetUnixFileMode(Path.Combine(data, "readme.txt"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        File.SetLastWriteTimeUtc(Path.Combine(data, "readme.txt"), new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc).AddTicks(1234567));
        File.CreateSymbolicLink(Path.Combine(data, "link"), "deep/blob.bin");
    }

    private static void Object(string folder, string path, string yaml) => WriteFile(folder, $"objects/{path}.yaml", yaml);

    private static void WriteFile(string folder, string path, string text)
    {
        string full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!); // every path here has a folder
        File.WriteAllText(full, text);
    }
}
