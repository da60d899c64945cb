using System.Text.Json.Nodes;

namespace BackupFunctions.Engine.Cluster.Folder;

/// <summary>
/// Binds claims to volumes, and provisions volumes as nfs-subdir-external-provisioner does: a directory named
/// <c>namespace-claim-volume</c> below the export. Callers hold the lock.
/// </summary>
internal sealed class FolderClaims(string root, FolderConfig config, FolderFiles files, TimeProvider time)
{
    public const string ClaimResource = "persistentvolumeclaims";
    public const string VolumeResource = "persistentvolumes";
    private const string ClassResource = "storageclasses.storage.k8s.io";
    private const string ProvisionerSuffix = "nfs-subdir-external-provisioner";
    private const string DefaultClassAnnotation = "storageclass.kubernetes.io/is-default-class";
    private const int MaxDirectoryName = 240; // leaves room for "archived-" within the 255 bytes of file systems
    private const string ProvisionedByAnnotation = "pv.kubernetes.io/provisioned-by";

    /// <summary>Binds a new claim to the volume that it names or that is kept for it, else provisions one if its class can.</summary>
    public async Task ClaimCreatedAsync(KubeObject claim, CancellationToken cancellationToken)
    {
        KubeObject? volume = claim.TextAt("spec", "volumeName") is { Length: > 0 } named
            ? await ReadAsync(VolumeResource, null, named, cancellationToken)
            : await FindReservedAsync(claim, cancellationToken) ?? await ProvisionAsync(claim, cancellationToken);
        if (volume is not null && Fits(volume, claim))
        {
            await BindAsync(volume, claim, cancellationToken);
        }
    }

    /// <summary>Binds a new volume to the waiting claim that it is kept for, or that names it.</summary>
    public async Task VolumeCreatedAsync(KubeObject volume, CancellationToken cancellationToken)
    {
        if (volume.TextAt("spec", "claimRef", "namespace") is { } ns && volume.TextAt("spec", "claimRef", "name") is { } name)
        {
            KubeObject? claim = await ReadAsync(ClaimResource, ns, name, cancellationToken);
            if (claim is not null && (claim.TextAt("spec", "volumeName") ?? volume.Name) == volume.Name && Fits(volume, claim))
            {
                await BindAsync(volume, claim, cancellationToken);
            }

            return;
        }

        foreach (string candidateNamespace in files.NamespacesOf(ClaimResource))
        {
            foreach (string candidate in files.NamesOf(ClaimResource, candidateNamespace))
            {
                if (await ReadAsync(ClaimResource, candidateNamespace, candidate, cancellationToken) is { } claim
                    && claim.TextAt("spec", "volumeName") == volume.Name)
                {
                    await BindAsync(volume, claim, cancellationToken);
                    return;
                }
            }
        }
    }

    /// <summary>Removes the volume of a deleted claim when its reclaim policy is Delete, else releases it.</summary>
    public async Task ClaimDeletedAsync(KubeObject claim, CancellationToken cancellationToken)
    {
        if (claim.TextAt("spec", "volumeName") is not { } name || await ReadAsync(VolumeResource, null, name, cancellationToken) is not { } volume
            || !Fits(volume, claim) || volume.NodeAt("spec", "claimRef") is null)
        {
            return;
        }

        bool isOurs = IsProvisioner(volume.Annotation(ProvisionedByAnnotation));
        if (volume.TextAt("spec", "persistentVolumeReclaimPolicy") == "Delete" && isOurs)
        {
            await RemoveDataAsync(volume, cancellationToken);
            files.Delete(VolumeResource, null, name);
        }
        else
        {
            StatusOf(volume)["phase"] = "Released";
            await files.WriteAsync(VolumeResource, null, name, volume.Root, time, cancellationToken);
        }
    }

    private static bool IsProvisioner(string? name) => name?.EndsWith(ProvisionerSuffix, StringComparison.Ordinal) == true;

    private async Task<KubeObject?> FindReservedAsync(KubeObject claim, CancellationToken cancellationToken)
    {
        foreach (string name in files.NamesOf(VolumeResource, null))
        {
            if (await ReadAsync(VolumeResource, null, name, cancellationToken) is { } volume
                && volume.NodeAt("spec", "claimRef") is not null && Fits(volume, claim))
            {
                return volume;
            }
        }

        return null;
    }

    private static bool Fits(KubeObject volume, KubeObject claim)
    {
        if (volume.NodeAt("spec", "claimRef") is null)
        {
            return true;
        }

        string? uid = volume.TextAt("spec", "claimRef", "uid");
        return volume.TextAt("spec", "claimRef", "namespace") == claim.Namespace
            && volume.TextAt("spec", "claimRef", "name") == claim.Name
            && (string.IsNullOrEmpty(uid) || uid == claim.Uid);
    }

    private async Task BindAsync(KubeObject volume, KubeObject claim, CancellationToken cancellationToken)
    {
        JsonObject volumeSpec = volume.Spec ?? Member(volume.Root, "spec");
        volumeSpec["claimRef"] = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["namespace"] = claim.Namespace,
            ["name"] = claim.Name,
            ["uid"] = claim.Uid,
        };
        StatusOf(volume)["phase"] = "Bound";
        await files.WriteAsync(VolumeResource, null, volume.Name, volume.Root, time, cancellationToken);

        JsonObject annotations = Member(claim.Metadata, "annotations");
        annotations["pv.kubernetes.io/bind-completed"] = "yes";
        annotations["pv.kubernetes.io/bound-by-controller"] = "yes";
        JsonObject claimSpec = claim.Spec ?? Member(claim.Root, "spec");
        claimSpec["volumeName"] = volume.Name;
        claimSpec.TryAdd("volumeMode", "Filesystem");
        JsonObject status = StatusOf(claim);
        status["phase"] = "Bound";
        status["accessModes"] = volumeSpec["accessModes"]?.DeepClone();
        status["capacity"] = volumeSpec["capacity"]?.DeepClone();
        await files.WriteAsync(ClaimResource, claim.Namespace, claim.Name, claim.Root, time, cancellationToken);
    }

    private async Task<KubeObject?> ProvisionAsync(KubeObject claim, CancellationToken cancellationToken)
    {
        if (await FindClassAsync(claim, cancellationToken) is not { } storageClass || !IsProvisioner(storageClass.TextAt("provisioner")))
        {
            return null;
        }

        string provisioner = storageClass.TextAt("provisioner")!; // just seen
        Member(claim.Metadata, "annotations")["volume.kubernetes.io/storage-provisioner"] = provisioner;
        (claim.Spec ?? Member(claim.Root, "spec"))["storageClassName"] = storageClass.Name;
        string name = $"pvc-{claim.Uid}";
        string directory = $"{claim.Namespace}-{claim.Name}-{name}";
        if (directory.Length > MaxDirectoryName)
        {
            return null; // the claim stays Pending, as with the real provisioner
        }

        CreateDataFolder(directory);
        JsonObject volume = new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolume",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["uid"] = Guid.NewGuid().ToString(),
                ["creationTimestamp"] = ClusterJson.Time(time.GetUtcNow()),
                ["annotations"] = new JsonObject { [ProvisionedByAnnotation] = provisioner },
            },
            ["spec"] = new JsonObject
            {
                ["capacity"] = new JsonObject { ["storage"] = claim.NodeAt("spec", "resources", "requests", "storage")?.DeepClone() ?? "1Gi" },
                ["nfs"] = new JsonObject { ["server"] = config.NfsServer, ["path"] = $"{config.NfsPath}/{directory}" },
                ["accessModes"] = claim.NodeAt("spec", "accessModes")?.DeepClone() ?? new JsonArray("ReadWriteOnce"),
                ["persistentVolumeReclaimPolicy"] = storageClass.TextAt("reclaimPolicy") ?? "Delete",
                ["storageClassName"] = storageClass.Name,
                ["volumeMode"] = "Filesystem",
            },
            ["status"] = new JsonObject(),
        };
        if (storageClass.NodeAt("mountOptions") is { } options)
        {
            ((JsonObject)volume["spec"]!)["mountOptions"] = options.DeepClone();
        }

        return new KubeObject(volume);
    }

    private async Task<KubeObject?> FindClassAsync(KubeObject claim, CancellationToken cancellationToken)
    {
        if (claim.TextAt("spec", "storageClassName") is { } named)
        {
            return named.Length == 0 ? null : await ReadAsync(ClassResource, null, named, cancellationToken);
        }

        foreach (string name in files.NamesOf(ClassResource, null))
        {
            if (await ReadAsync(ClassResource, null, name, cancellationToken) is { } candidate && candidate.Annotation(DefaultClassAnnotation) == "true")
            {
                return candidate;
            }
        }

        return null;
    }

    private void CreateDataFolder(string directory)
    {
        string path = Path.Combine(root, config.NfsFolder, directory);
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            // As the provisioner does: any user of the volume's pods may write.
            const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;
            File.SetUnixFileMode(path, Everybody);
        }
    }

    /// <summary>Renames the data to <c>archived-…</c>, or removes it when the class says archiveOnDelete "false"; what lies elsewhere is left alone.</summary>
    private async Task RemoveDataAsync(KubeObject volume, CancellationToken cancellationToken)
    {
        string? directory = volume.TextAt("spec", "nfs", "path") is { } path && path.StartsWith(config.NfsPath + "/", StringComparison.Ordinal)
            ? path[(config.NfsPath.Length + 1)..]
            : null;
        if (directory is null || directory.Contains('/', StringComparison.Ordinal) || directory is "" or "." or "..")
        {
            return;
        }

        string data = Path.Combine(root, config.NfsFolder, directory);
        if (!Directory.Exists(data))
        {
            return;
        }

        KubeObject? storageClass = volume.TextAt("spec", "storageClassName") is { Length: > 0 } named
            ? await ReadAsync(ClassResource, null, named, cancellationToken)
            : null;
        string archive = Path.Combine(root, config.NfsFolder, "archived-" + directory);
        if (storageClass?.TextAt("parameters", "archiveOnDelete") == "false" || Path.Exists(archive))
        {
            Directory.Delete(data, recursive: true);
        }
        else
        {
            Directory.Move(data, archive);
        }
    }

    private async Task<KubeObject?> ReadAsync(string groupResource, string? ns, string name, CancellationToken cancellationToken)
    {
        // Names here come out of objects: one that no server would take is treated as not there.
        bool safe = name.Length > 0 && name[0] != '.' && !name.Contains('/', StringComparison.Ordinal) && ns?.Contains('/', StringComparison.Ordinal) != true && ns is not ".." and not "";
        return safe && await files.TryReadAsync(groupResource, ns, name, cancellationToken) is { } found ? new KubeObject(found) : null;
    }

    private static JsonObject StatusOf(KubeObject value) => Member(value.Root, "status");

    private static JsonObject Member(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject found)
        {
            return found;
        }

        JsonObject made = [];
        parent[name] = made;
        return made;
    }
}
