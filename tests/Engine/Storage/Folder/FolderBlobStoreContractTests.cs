using BackupFunctions.Engine.Storage.Folder;
using BackupFunctions.Tests.Contracts;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage.Folder;

public sealed class FolderBlobStoreContractTests : BlobStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [MemberData(nameof(Rules))]
    public Task Keeps_the_contract(string rule) => CheckAsync(rule, new FolderBlobStore(Path.Combine(folder.Path, "store"), TimeProvider.System));

    public void Dispose() => folder.Dispose();
}
