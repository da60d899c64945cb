using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage.Folder;
using Xunit;

namespace BackupFunctions.Tests.Engine.Catalog;

public sealed class RestoreCatalogTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Reads_the_restores_of_Velero_though_they_have_no_object()
    {
        RestoreCatalog catalog = new(new FolderBlobStore(VeleroFixture.PathOf("namespace-bucket"), TimeProvider.System));
        List<RestoreEntry> entries = [];
        await foreach (RestoreEntry entry in catalog.ListAsync(None))
        {
            entries.Add(entry);
        }

        Assert.Equal([new("r1", null, null), new("r2", null, null), new("r4", null, null)], entries);
        RestoreName name = RestoreName.Parse("r4");
        Assert.Equal(3, (await catalog.ReadResultsAsync(name, None)).Warnings.Count);
        Assert.Equal(["arr/settings(updated)"], (await catalog.ReadResourceListAsync(name, None))["v1/ConfigMap"]);
        Assert.Empty(await catalog.ReadVolumeInfosAsync(name, None));
        Assert.NotNull(await catalog.TryOpenLogAsync(name, None));
        Assert.True(await catalog.ExistsAsync(name, None));
    }

    [Fact]
    public async Task A_published_restore_comes_back_and_can_be_deleted()
    {
        using CatalogFolder folder = new();
        RestoreFiles files = new()
        {
            Restore = new VeleroRestore
            {
                Metadata = new ObjectMetadata { Name = "r" },
                Spec = new RestoreSpec { BackupName = "t1", NamespaceMapping = new Dictionary<string, string> { ["a"] = "b" } },
                Status = new RestoreStatus { Phase = RestorePhase.Completed },
            },
            OpenLog = _ => Task.FromResult<Stream>(new MemoryStream([])),
            ResourceList = new Dictionary<string, IReadOnlyList<string>> { ["v1/Secret"] = ["b/z(created)", "b/a(created)"] },
            Results = ResultSet.From([], [new ItemFailure("b", "secrets", "a", "careful")]),
        };
        Assert.True((await new RestoreFilesWriter(folder.Store).WriteAsync(files, None)).Published);
        Assert.False((await new RestoreFilesWriter(folder.Store).WriteAsync(files, None)).Published);
        Assert.Equal(
            ["restores/r/r-volumeinfo.json.gz", "restores/r/restore-r-itemoperations.json.gz", "restores/r/restore-r-logs.gz", "restores/r/restore-r-resource-list.json.gz", "restores/r/restore-r-results.gz", "restores/r/velero-restore.json"],
            await folder.ListAsync());

        RestoreCatalog catalog = new(folder.Store);
        RestoreName name = RestoreName.Parse("r");
        VeleroRestore read = await catalog.GetAsync(name, None);
        Assert.Equal("t1", read.Spec.BackupName);
        Assert.Equal("b", read.Spec.NamespaceMapping!["a"]);
        Assert.Equal(["b/a(created)", "b/z(created)"], (await catalog.ReadResourceListAsync(name, None))["v1/Secret"]);
        Assert.Equal([" resource: /secrets name: /a message: /careful"], (await catalog.ReadResultsAsync(name, None)).Warnings.Namespaces!["b"]);

        await catalog.DeleteAsync(name, None);
        Assert.Empty(await folder.ListAsync());
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<BackupException>(() => catalog.GetAsync(name, None))).Kind);
    }
}
