using System.Globalization;
using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Time;
using BackupFunctions.Engine.Volumes;

namespace BackupFunctions.App.Hosting.Settings;

/// <summary>Makes <see cref="AppSettings"/> of a configuration, and tells all that is wrong with it at once.</summary>
internal sealed class SettingsReader
{
    // Velero's own default (velero-repo-credentials): a bucket that it wrote opens without any setting.
    private const string VeleroPassword = "static-passw0rd";
    private const string QueuesSection = SettingsFiles.HostSection + ":extensions:queues:";

    private readonly IConfiguration configuration;
    private readonly string workingFolder;
    private readonly List<string> problems = [];

    private SettingsReader(IConfiguration configuration, string workingFolder) => (this.configuration, this.workingFolder) = (configuration, workingFolder);

    /// <param name="configuration">See <see cref="SettingsFiles"/>.</param>
    /// <param name="workingFolder">What relative paths start from.</param>
    /// <exception cref="SettingsException">Something is wrong.</exception>
    public static AppSettings Read(IConfiguration configuration, string workingFolder) => new SettingsReader(configuration, workingFolder).Read();

    private AppSettings Read()
    {
        string data = Absolute(Text("BACKUP_DATA") ?? ".data");
        BlobStoreUrl? store = Try("BACKUP_STORE", () => BlobStoreUrl.Parse(Text("BACKUP_STORE") ?? $"file://{EscapePath(Path.Combine(data, "store"))}"));
        (string? queueFolder, Secret? queueConnection) = ReadQueue(data);
        (Secret password, bool isDefault) = ReadPassword();
        AppSettings settings = new()
        {
            DataFolder = data,
            Store = store!, // null is a problem, and problems throw below
            StoreCredentials = store is S3StoreUrl ? StoreCredentialsReader.Read(Text, Absolute, problems) : null,
            QueueFolder = queueFolder,
            QueueConnection = queueConnection,
            Cluster = ReadCluster(data),
            KubernetesServiceHost = Text("KUBERNETES_SERVICE_HOST"),
            KubernetesServicePort = Text("KUBERNETES_SERVICE_PORT"),
            VolumeMounts = Try("BACKUP_VOLUME_MOUNTS", () => VolumeMounts.Parse(Text("BACKUP_VOLUME_MOUNTS") ?? "")) ?? VolumeMounts.None,
            RepositoryPassword = password,
            RepositoryPasswordIsDefault = isDefault,
            MaintainsRepositories = ReadMaintenance(),
            SchedulesFile = ExistingFile("BACKUP_SCHEDULES"),
            ApiKeys = ApiKeyText.Parse(Text("BACKUP_API_KEYS") ?? "", problems),
            ApiKeysFile = ExistingFile("BACKUP_API_KEYS_FILE") ?? Path.Combine(data, "api-keys"),
            Urls = ReadUrls(),
            Functions = ReadFunctions(),
            Drain = Flag(CommandLine.Section + "drain"),
            Pumps = ReadPumps(),
            Work = ReadWork(),
        };
        return problems.Count == 0 ? settings : throw new SettingsException(problems);
    }

    private (string? Folder, Secret? Connection) ReadQueue(string data)
    {
        const string FolderScheme = "file://";
        string? queue = Text("BACKUP_QUEUE");
        string? storage = Text("AzureWebJobsStorage");
        if (queue is not null && queue.StartsWith(FolderScheme, StringComparison.Ordinal))
        {
            return (Absolute(Uri.UnescapeDataString(queue[FolderScheme.Length..])), null);
        }

        if (queue is not null && queue.Contains('=', StringComparison.Ordinal))
        {
            return (null, new Secret(queue));
        }

        if (queue is not null)
        {
            problems.Add("BACKUP_QUEUE is neither file:///folder nor a connection string of a storage account.");
        }

        return storage is null ? (Path.Combine(data, "queue"), null) : (null, new Secret(storage));
    }

    private bool ReadMaintenance()
    {
        string? text = Text("BACKUP_MAINTENANCE");
        if (text is not (null or "on" or "off"))
        {
            problems.Add($"BACKUP_MAINTENANCE is neither on nor off but '{text}'.");
        }

        return text == "on";
    }

    private ClusterSource ReadCluster(string data)
    {
        const string FolderScheme = "folder://";
        string? cluster = Text("BACKUP_CLUSTER");
        string? context = Text("BACKUP_CLUSTER_CONTEXT");
        string sample = Path.Combine(data, "cluster");
        switch (cluster)
        {
            case "in-cluster":
                return new ClusterSource.InCluster();
            case "sample":
                return new ClusterSource.Sample(sample);
            case not null when cluster.StartsWith(FolderScheme, StringComparison.Ordinal):
                string folder = Absolute(Uri.UnescapeDataString(cluster[FolderScheme.Length..]));
                if (!Directory.Exists(folder))
                {
                    problems.Add($"BACKUP_CLUSTER names the folder {folder}, which does not exist.");
                }

                return new ClusterSource.Folder(folder);
            case not null:
                return new ClusterSource.Kubeconfig(ExistingFile("BACKUP_CLUSTER")!, context); // null is a problem already
        }

        string? kubeconfig = Text("KUBECONFIG")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (kubeconfig is not null)
        {
            return new ClusterSource.Kubeconfig(ExistingFile("KUBECONFIG", kubeconfig)!, context); // null is a problem already
        }

        if (Text("KUBERNETES_SERVICE_HOST") is not null)
        {
            return new ClusterSource.InCluster();
        }

        string current = Path.Combine(Text("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return File.Exists(current) ? new ClusterSource.Kubeconfig(current, context) : new ClusterSource.Sample(sample);
    }

    private (Secret Password, bool IsDefault) ReadPassword()
    {
        if (Text("REPOSITORY_PASSWORD") is { } given)
        {
            return (new Secret(given), given == VeleroPassword);
        }

        if (ExistingFile("REPOSITORY_PASSWORD_FILE") is not { } path)
        {
            return (new Secret(VeleroPassword), true);
        }

        string password = File.ReadAllText(path).TrimEnd('\r', '\n');
        if (password.Length == 0)
        {
            problems.Add($"REPOSITORY_PASSWORD_FILE names {path}, which is empty.");
        }

        return (new Secret(password), false);
    }

    private List<string> ReadUrls()
    {
        List<string> urls = [];
        string text = Text(CommandLine.Section + "urls") ?? Text("BACKUP_URLS") ?? AppSettings.DefaultUrl;
        foreach (string url in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string probe = url.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal);
            if (Uri.TryCreate(probe, UriKind.Absolute, out Uri? parsed) && parsed.Scheme == Uri.UriSchemeHttp)
            {
                urls.Add(url);
            }
            else
            {
                problems.Add($"The address '{url}' to serve on is not of the form http://host:port.");
            }
        }

        return urls;
    }

    private List<string>? ReadFunctions()
    {
        List<string> names = [.. (Text(CommandLine.Section + "functions") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        if (names.Count == 0)
        {
            names = [.. configuration.GetSection(SettingsFiles.HostSection + ":functions").GetChildren().Select(child => child.Value ?? "").Where(name => name.Length > 0)];
        }

        return names.Count == 0 ? null : names;
    }

    private PumpOptions ReadPumps()
    {
        PumpOptions defaults = new();
        TimeSpan day = TimeSpan.FromDays(1);
        return new PumpOptions
        {
            Concurrency = Number(QueuesSection + "batchSize", defaults.Concurrency, 1, 32),
            MaxDequeueCount = Number(QueuesSection + "maxDequeueCount", defaults.MaxDequeueCount, 1, 1000),
            MaxPollingInterval = Duration(QueuesSection + "maxPollingInterval", defaults.MaxPollingInterval, TimeSpan.FromMilliseconds(100), day),
            RetryDelay = Duration(QueuesSection + "visibilityTimeout", defaults.RetryDelay, TimeSpan.Zero, day),
            Lease = Duration("BACKUP_LEASE", defaults.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)),
            ShutdownGrace = Duration("BACKUP_SHUTDOWN_GRACE", defaults.ShutdownGrace, TimeSpan.Zero, day),
        };
    }

    private WorkTimes ReadWork()
    {
        WorkTimes defaults = new();
        WorkTimes times = new(
            Duration("BACKUP_PROGRESS_INTERVAL", defaults.ProgressInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
            Duration("BACKUP_STALL_AFTER", defaults.StallAfter, TimeSpan.FromMilliseconds(300), TimeSpan.FromDays(1)));
        if (times.StallAfter < 3 * times.ProgressInterval)
        {
            problems.Add($"BACKUP_STALL_AFTER is {times.StallAfter}; it must be at least three times BACKUP_PROGRESS_INTERVAL ({times.ProgressInterval}).");
        }

        return times;
    }

    private string? Text(string key) => configuration[key] is { Length: > 0 } value ? value : null;

    private bool Flag(string key) => string.Equals(Text(key), "true", StringComparison.OrdinalIgnoreCase);

    private int Number(string key, int defaultValue, int min, int max)
    {
        if (Text(key) is not { } text)
        {
            return defaultValue;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < min || value > max)
        {
            problems.Add($"{Shown(key)} is '{text}'; it must be a number from {min} to {max}.");
        }

        return value;
    }

    private TimeSpan Duration(string key, TimeSpan defaultValue, TimeSpan min, TimeSpan max)
    {
        if (Text(key) is not { } text)
        {
            return defaultValue;
        }

        bool sound = text.Contains(':', StringComparison.Ordinal)
            ? TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value)
            : GoDuration.TryParse(text, out value);
        if (!sound || value < min || value > max)
        {
            problems.Add($"{Shown(key)} is '{text}'; it must be a duration from {GoDuration.Format(min)} to {GoDuration.Format(max)}, as 5m or 00:05:00.");
        }

        return value;
    }

    private string? ExistingFile(string key) => Text(key) is { } path ? ExistingFile(key, path) : null;

    private string? ExistingFile(string key, string path)
    {
        path = Absolute(path);
        if (File.Exists(path))
        {
            return path;
        }

        problems.Add($"{key} names the file {path}, which does not exist.");
        return null;
    }

    private T? Try<T>(string key, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (BackupException e)
        {
            problems.Add($"{key}: {e.Message} {e.Remedy}");
            return null;
        }
    }

    private string Absolute(string path) => Path.GetFullPath(path, workingFolder);

    private static string EscapePath(string path) =>
        path.Replace("%", "%25", StringComparison.Ordinal).Replace("?", "%3F", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal);

    private static string Shown(string key) => key.Replace(SettingsFiles.HostSection + ":", "host.json ", StringComparison.Ordinal).Replace(':', '.');
}
