using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.App.Hosting.Settings;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting.Http;

public sealed class ApiKeysTests
{
    private static readonly ApiKeys Keys = new(
    [
        new ApiKeySetting("reader", AuthorizationLevel.Function, new Secret("reader-key-0123456789")),
        new ApiKeySetting("owner", AuthorizationLevel.Admin, new Secret("owner-key-0123456789")),
    ]);

    [Theory]
    [InlineData("reader-key-0123456789", AuthorizationLevel.Function)]
    [InlineData("owner-key-0123456789", AuthorizationLevel.Admin)]
    public void A_known_key_has_its_level(string key, AuthorizationLevel expected) => Assert.Equal(expected, Keys.LevelOf(key));

    [Theory]
    [InlineData("")]
    [InlineData("owner-key-012345678")]
    [InlineData("owner-key-0123456789 ")]
    [InlineData("OWNER-KEY-0123456789")]
    public void Anything_else_is_no_key(string key) => Assert.Null(Keys.LevelOf(key));

    [Fact]
    public void A_monstrous_key_is_none() => Assert.Null(Keys.LevelOf(new string('x', 1_000_000)));
}
