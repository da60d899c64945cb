using BackupFunctions.App.Hosting.Settings;
using BackupFunctions.Engine.Storage;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bf-settings-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Without_any_setting_everything_lies_in_the_data_folder()
    {
        AppSettings settings = Read();

        string data = Path.Combine(folder.FullName, ".data");
        Assert.Equal(Path.Combine(data, "store"), Assert.IsType<FolderStoreUrl>(settings.Store).Path);
        Assert.Equal(Path.Combine(data, "queue"), settings.QueueFolder);
        Assert.Equal(new ClusterSource.Sample(Path.Combine(data, "cluster")), settings.Cluster);
        Assert.Equal("static-passw0rd", settings.RepositoryPassword.Reveal());
        Assert.True(settings.RepositoryPasswordIsDefault);
        Assert.Equal([AppSettings.DefaultUrl], settings.Urls);
        Assert.Null(settings.Functions);
    }

    [Fact]
    public void All_problems_are_told_at_once_and_no_secret()
    {
        SettingsException e = Assert.Throws<SettingsException>(() => Read(
            ("BACKUP_STORE", "ftp://x"),
            ("BACKUP_QUEUE", "somewhere"),
            ("BACKUP_CLUSTER", "missing.yaml"),
            ("BACKUP_VOLUME_MOUNTS", "nas/export"),
            ("BACKUP_API_KEYS", "a=tooshort-1; b:root=0123456789abcdef; c"),
            ("BACKUP_MAINTENANCE", "sometimes"),
            ("BACKUP_LEASE", "soon"),
            ("BACKUP_STALL_AFTER", "10s"),
            ("AzureFunctionsJobHost:extensions:queues:batchSize", "0"),
            ("BACKUP_URLS", "https://127.0.0.1:1"),
            ("REPOSITORY_PASSWORD_FILE", "missing"),
            ("BACKUP_SCHEDULES", "missing")));

        Assert.Equal(14, e.Problems.Count);
        foreach (string name in (string[])["BACKUP_STORE", "BACKUP_QUEUE", "missing.yaml", "nas/export", "'a'", "'root'", "API key 3", "BACKUP_MAINTENANCE", "BACKUP_LEASE", "BACKUP_STALL_AFTER", "batchSize", "https://", "REPOSITORY_PASSWORD_FILE", "BACKUP_SCHEDULES"])
        {
            Assert.Contains(name, e.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("tooshort-1", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_the_settings_shows_no_secret()
    {
        string text = Read(
            ("BACKUP_STORE", "s3://bucket/p?endpoint=http://127.0.0.1:1"),
            ("AWS_ACCESS_KEY_ID", "AKIAHIDDEN"),
            ("AWS_SECRET_ACCESS_KEY", "very-hidden-1"),
            ("AzureWebJobsStorage", "UseDevelopmentStorage=true;AccountKey=very-hidden-2"),
            ("REPOSITORY_PASSWORD", "very-hidden-3"),
            ("BACKUP_API_KEYS", "me:admin=very-hidden-4-and-long")).ToString();

        Assert.DoesNotContain("hidden-", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AKIAHIDDEN", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_setting_is_read_from_where_it_belongs()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "host.json"), """
            { "version": "2.0", "functions": ["Health", "ScheduleTick"], "extensions": { "queues": { "batchSize": 7, "maxPollingInterval": "00:00:03" } } }
            """);
        File.WriteAllText(Path.Combine(folder.FullName, "local.settings.json"), """
            { "IsEncrypted": false, "Values": { "BACKUP_LEASE": "90s", "AzureFunctionsJobHost__extensions__queues__maxDequeueCount": "9", "BACKUP_VOLUME_MOUNTS": "nas.lan:/exports/k8s=/mnt/nas; /var/data=/mnt/node" } }
            """);
        IConfiguration configuration = SettingsFiles.Load(
            folder.FullName, CommandLine.Parse(["--urls", "http://127.0.0.1:0", "--drain", "--set=BACKUP_SHUTDOWN_GRACE=1s"]), Hermetic);

        AppSettings settings = SettingsReader.Read(configuration, folder.FullName);

        Assert.Equal(["Health", "ScheduleTick"], settings.Functions);
        Assert.Equal(7, settings.Pumps.Concurrency);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.Pumps.MaxPollingInterval);
        Assert.Equal(9, settings.Pumps.MaxDequeueCount);
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Pumps.Lease);
        Assert.Equal(TimeSpan.FromSeconds(1), settings.Pumps.ShutdownGrace);
        Assert.Equal([new("nas.lan", "/exports/k8s", "/mnt/nas"), new(null, "/var/data", "/mnt/node")], settings.VolumeMounts.Entries);
        Assert.Equal(["http://127.0.0.1:0"], settings.Urls);
        Assert.True(settings.Drain);
    }

    [Theory]
    [InlineData("file:///var/q", "/var/q")]
    [InlineData("file://q", null)]
    public void A_folder_of_queues_may_be_named(string text, string? expected) =>
        Assert.Equal(expected ?? Path.Combine(folder.FullName, "q"), Read(("BACKUP_QUEUE", text), ("AzureWebJobsStorage", "UseDevelopmentStorage=true")).QueueFolder);

    [Fact]
    public void Credentials_come_from_the_named_profile_of_the_credentials_file()
    {
        string path = Path.Combine(folder.FullName, "credentials");
        File.WriteAllText(path, "[default]\naws_access_key_id=A\naws_secret_access_key=B\n[nas]\naws_access_key_id=C\naws_secret_access_key=D\n");

        AppSettings settings = Read(("BACKUP_STORE", "s3://bucket"), ("AWS_SHARED_CREDENTIALS_FILE", path), ("AWS_PROFILE", "nas"));

        Assert.Equal("C", settings.StoreCredentials?.AccessKeyId);
    }

    [Fact]
    public void An_option_that_there_is_not_is_refused_with_the_usage()
    {
        SettingsException e = Assert.Throws<SettingsException>(() => CommandLine.Parse(["--drian"]));

        Assert.Contains("--drian", e.Message, StringComparison.Ordinal);
        Assert.Contains(CommandLine.Usage, e.Message, StringComparison.Ordinal);
    }

    private AppSettings Read(params (string Key, string Value)[] values)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("HOME", (string?)folder.FullName), .. values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))])
            .Build();
        return SettingsReader.Read(configuration, folder.FullName);
    }

    /// <summary>Whatever the machine of the test has set.</summary>
    private void Hermetic(IConfigurationBuilder builder) => builder.AddInMemoryCollection(
        [KeyValuePair.Create("HOME", (string?)folder.FullName), KeyValuePair.Create("KUBECONFIG", (string?)""), KeyValuePair.Create("BACKUP_STORE", (string?)"")]);
}
