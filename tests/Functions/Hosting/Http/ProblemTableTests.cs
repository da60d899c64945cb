using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Errors;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting.Http;

public sealed class ProblemTableTests
{
    public static TheoryData<ErrorKind> Kinds => [.. Enum.GetValues<ErrorKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_error_has_a_status(ErrorKind kind) => Assert.InRange(ProblemTable.Of(kind, "d", "r").Status, 400, 599);

    [Theory]
    [InlineData(ErrorKind.InvalidInput, 400)]
    [InlineData(ErrorKind.NotFound, 404)]
    [InlineData(ErrorKind.AlreadyExists, 409)]
    [InlineData(ErrorKind.Unavailable, 503)]
    [InlineData(ErrorKind.AccessDenied, 502)]
    public void What_the_caller_can_mend_is_told_apart_from_what_not(ErrorKind kind, int status) => Assert.Equal(status, ProblemTable.Of(kind, null, null).Status);
}
