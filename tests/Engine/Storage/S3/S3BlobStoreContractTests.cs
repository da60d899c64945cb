using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Storage.S3;
using BackupFunctions.Tests.Contracts;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage.S3;

public sealed class S3BlobStoreContractTests : BlobStoreContract
{
    [PeerTheory(Peer.S3Gateway)]
    [MemberData(nameof(Rules))]
    public async Task Keeps_the_contract_on_a_real_gateway(string rule)
    {
        using S3BlobStore store = await GatewayStore.CreateAsync("");
        await CheckAsync(rule, store);
    }

    [PeerTheory(Peer.S3Gateway)]
    [MemberData(nameof(Rules))]
    public async Task Keeps_the_contract_below_a_prefix_and_with_retry(string rule)
    {
        S3StoreUrl url = await GatewayStore.NewUrlAsync("team/cluster one");
        await CheckAsync(rule, BlobStoreFactory.Open(url, GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System));
    }
}
