using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Errors;
using Xunit;

namespace BackupFunctions.Tests.Cli.Output;

public sealed class ExitStatusTests
{
    [Fact]
    public void Every_kind_of_error_has_an_exit_status_of_its_table()
    {
        Dictionary<ErrorKind, int> expected = new()
        {
            [ErrorKind.Internal] = 1,
            [ErrorKind.Canceled] = 1,
            [ErrorKind.InvalidInput] = 2,
            [ErrorKind.NotFound] = 3,
            [ErrorKind.AlreadyExists] = 4,
            [ErrorKind.Conflict] = 4,
            [ErrorKind.AccessDenied] = 5,
            [ErrorKind.WrongPassword] = 5,
            [ErrorKind.Unavailable] = 6,
            [ErrorKind.Corrupt] = 7,
            [ErrorKind.Unsupported] = 7,
        };
        Assert.Equal(expected, Enum.GetValues<ErrorKind>().ToDictionary(kind => kind, ExitStatus.Of));
    }
}
