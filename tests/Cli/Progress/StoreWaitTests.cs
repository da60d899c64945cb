using BackupFunctions.Cli.Progress;
using BackupFunctions.Engine.Errors;
using Xunit;

namespace BackupFunctions.Tests.Cli.Progress;

public sealed class StoreWaitTests
{
    [Fact]
    public void A_store_that_does_not_answer_is_told_of_once_and_not_at_its_first_failure()
    {
        using StringWriter error = new();
        StoreWait wait = new(error);
        BackupException refused = new(ErrorKind.Unavailable, "nobody answers", "Check the endpoint.");
        wait.Report(refused);
        wait.Report(refused);
        Assert.Equal("", error.ToString());
        wait.Report(refused);
        wait.Report(refused);
        Assert.Equal("waiting: nobody answers\n         It is tried again for some time.\n", error.ToString());
    }
}
