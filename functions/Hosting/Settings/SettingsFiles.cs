namespace BackupFunctions.App.Hosting.Settings;

/// <summary>Where settings come from, weakest first: host.json, local.settings.json, environment, what the caller adds, command line.</summary>
internal static class SettingsFiles
{
    /// <summary>The Functions host's name for the content of host.json, also as prefix of environment variables.</summary>
    public const string HostSection = "AzureFunctionsJobHost";

    private const string ValuesSection = "Values";
    private const string HostFile = "host.json";

    public static IConfiguration Load(string appFolder, IReadOnlyDictionary<string, string?> commandLine, Action<IConfigurationBuilder>? more)
    {
        ConfigurationBuilder builder = new();
        string own = Path.Combine(appFolder, HostFile);
        Add(builder, File.Exists(own) ? own : Path.Combine(AppContext.BaseDirectory, HostFile), fromSection: null, toPrefix: HostSection + ":");
        Add(builder, Path.Combine(appFolder, "local.settings.json"), ValuesSection, toPrefix: "");
        builder.AddEnvironmentVariables();
        more?.Invoke(builder);
        builder.AddInMemoryCollection(commandLine);
        return builder.Build();
    }

    private static void Add(ConfigurationBuilder builder, string path, string? fromSection, string toPrefix)
    {
        if (!File.Exists(path))
        {
            return;
        }

        IConfiguration file;
        try
        {
            file = new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new SettingsException([$"{path} is not valid JSON ({e.InnerException?.Message ?? e.Message})."]);
        }

        IConfiguration section = fromSection is null ? file : file.GetSection(fromSection);
        builder.AddInMemoryCollection(section.AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create(toPrefix + pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value)));
    }
}
