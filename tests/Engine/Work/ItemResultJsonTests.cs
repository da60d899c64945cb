using System.Text.Json;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;
using Xunit;

namespace BackupFunctions.Tests.Engine.Work;

public sealed class ItemResultJsonTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", "nodes", "nuc-1")]
    [InlineData("auth", null, "authelia-data")]
    public void A_failure_is_read_back_whatever_it_is_about(string? ns, string? resource, string? name)
    {
        ItemFailure failure = new(ns, resource, name, "it went wrong");
        ItemResult result = new()
        {
            Item = "volume-0",
            Worker = "0123456789abcdef",
            StartedAt = DateTimeOffset.UnixEpoch,
            CompletedAt = DateTimeOffset.UnixEpoch,
            Succeeded = false,
            Errors = [failure],
            BytesDone = 42,
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(result, WorkJsonContext.Default.ItemResult);
        ItemResult back = JsonSerializer.Deserialize(json, WorkJsonContext.Default.ItemResult)!; // an object was written
        Assert.Equal(failure, Assert.Single(back.Errors));
        Assert.Equal(42, back.BytesDone);
    }
}
