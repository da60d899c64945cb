using Xunit;

namespace BackupFunctions.Tests.Peers.Kopia;

/// <summary>The command lines are spelled as kopia 0.23.1 documents them, so that they are right the day the program is there.</summary>
public sealed class KopiaCommandsTests
{
    private static readonly KopiaIdentity Identity = new("user", "host");

    [Fact]
    public void A_repository_in_a_folder_is_created_with_the_chosen_format() => Assert.Equal(
        "repository create filesystem --path=/r --override-username=user --override-hostname=host"
        + " --format-version=2 --block-hash=BLAKE3-256 --encryption=AES256-GCM-HMAC-SHA256 --object-splitter=FIXED-1M",
        string.Join(' ', KopiaCommands.Create(KopiaPlace.Folder("/r"), Identity, 2, "BLAKE3-256", "AES256-GCM-HMAC-SHA256", "FIXED-1M")));

    [Fact]
    public void A_repository_in_a_bucket_is_connected_to_without_encryption_only_where_the_endpoint_has_none()
    {
        KopiaPlace plain = KopiaPlace.Bucket(new Uri("http://127.0.0.1:7480/"), "b", "kopia/ns/", "id", "key", "us-east-1");
        KopiaPlace encrypted = KopiaPlace.Bucket(new Uri("https://s3.example.org"), "b", "kopia/ns/", "id", "key", "us-east-1");

        Assert.Equal(
            "repository connect s3 --endpoint=127.0.0.1:7480 --disable-tls --bucket=b --prefix=kopia/ns/ --region=us-east-1 --access-key=id"
            + " --secret-access-key=key --override-username=user --override-hostname=host",
            string.Join(' ', KopiaCommands.Connect(plain, Identity)));
        Assert.DoesNotContain("--disable-tls", KopiaCommands.Connect(encrypted, Identity));
        Assert.Contains("--endpoint=s3.example.org", KopiaCommands.Connect(encrypted, Identity));
    }

    [Fact]
    public void What_kopia_does_is_spelled_as_its_help_has_it()
    {
        IReadOnlyList<string>[] commands =
        [
            KopiaCommands.SetCompression("s2-default"), KopiaCommands.SetPartsAndMetadataCompression(2, "gzip"), KopiaCommands.CreateSnapshot("/t"), KopiaCommands.BreakOffSnapshot("/t"),
            KopiaCommands.DeleteSnapshot("1"), KopiaCommands.VerifySnapshots(), KopiaCommands.VerifyContents(), KopiaCommands.Restore("1", "/t"), KopiaCommands.MaintainQuickly(), KopiaCommands.MaintainSafely(),
        ];

        Assert.Equal(
            [
                "policy set --global --compression=s2-default", "policy set --global --parallel-upload-above-size-mib=2 --metadata-compression=gzip", "snapshot create /t", "snapshot create /t --upload-limit-mb=1",
                "snapshot delete 1 --delete", "snapshot verify --verify-files-percent=100 --max-errors=1", "content verify --full", "restore --mode=local 1 /t", "maintenance run", "maintenance run --full",
            ],
            commands.Select(static command => string.Join(' ', command)));
    }

    [Fact]
    public void Global_flags_come_before_the_command_and_the_password_is_not_among_them()
    {
        IReadOnlyList<string> arguments = KopiaProgram.Arguments("/home", KopiaCommands.Maintain());

        Assert.Equal(
            "--config-file=/home/repository.config --log-dir=/home/logs --no-progress --no-auto-maintenance maintenance run --full --safety=none",
            string.Join(' ', arguments));
        Assert.Equal("secret", KopiaProgram.Environment("/home", "secret")["KOPIA_PASSWORD"]);
    }
}
