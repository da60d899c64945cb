using System.Buffers.Text;
using System.Security.Cryptography;
using BackupFunctions.App.Hosting.Settings;

namespace BackupFunctions.App.Hosting.Http;

/// <summary>Where the API keys come from: the settings, else a file, which is made with a fresh key when there is none.</summary>
internal static class ApiKeyFile
{
    private const int KeyBytes = 32;

    /// <exception cref="SettingsException">The file is malformed.</exception>
    public static ApiKeys Load(AppSettings settings, ILogger logger)
    {
        if (settings.ApiKeys.Count > 0)
        {
            return new ApiKeys(settings.ApiKeys);
        }

        string path = settings.ApiKeysFile;
        if (!File.Exists(path))
        {
            Create(path);
            Log.KeyMade(logger, path);
        }
        else
        {
            Log.KeysRead(logger, path);
        }

        List<string> problems = [];
        IReadOnlyList<ApiKeySetting> keys = ApiKeyText.Parse(File.ReadAllText(path), problems);
        if (keys.Count == 0 && problems.Count == 0)
        {
            problems.Add("There is no API key in it.");
        }

        return problems.Count == 0 ? new ApiKeys(keys) : throw new SettingsException([.. problems.Select(problem => $"{path}: {problem}")]);
    }

    private static void Create(string path)
    {
        string folder = Path.GetDirectoryName(path) ?? throw new SettingsException([$"'{path}' is no path of a file for API keys."]);
        Directory.CreateDirectory(folder);
        string unfinished = Path.Combine(folder, $".api-keys-{Guid.NewGuid():N}");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (StreamWriter writer = new(unfinished, options))
        {
            writer.WriteLine($"default:admin={Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes))}");
        }

        try
        {
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(unfinished); // another process that started with us made one; that one holds
        }
    }
}
