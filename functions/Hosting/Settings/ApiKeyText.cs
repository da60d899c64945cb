namespace BackupFunctions.App.Hosting.Settings;

/// <summary>API keys as text: <c>name=key</c> or <c>name:admin=key</c>, separated by semicolons or line ends; lines with '#' are comments.</summary>
internal static class ApiKeyText
{
    public const int MinKeyLength = 16;
    private static readonly char[] Separators = ['\n', ';'];

    /// <summary>Reads all; what is wrong is told without any part of a key.</summary>
    public static IReadOnlyList<ApiKeySetting> Parse(string text, List<string> problems)
    {
        List<ApiKeySetting> keys = [];
        int number = 0;
        foreach (string entry in text.Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry[0] == '#')
            {
                continue;
            }

            number++;
            string[] parts = entry.Split('=', 2, StringSplitOptions.TrimEntries);
            string[] names = parts[0].Split(':', 2, StringSplitOptions.TrimEntries);
            AuthorizationLevel? level = names is [_] or [_, "function"] ? AuthorizationLevel.Function : names is [_, "admin"] ? AuthorizationLevel.Admin : null;
            if (parts.Length != 2 || names[0].Length == 0)
            {
                problems.Add($"API key {number} is not of the form name=key or name:admin=key.");
            }
            else if (level is null)
            {
                problems.Add($"API key {number} ('{names[0]}') has the level '{names[1]}'; there are function and admin.");
            }
            else if (parts[1].Length < MinKeyLength)
            {
                problems.Add($"API key {number} ('{names[0]}') has {parts[1].Length} characters; at least {MinKeyLength} are asked for.");
            }
            else if (keys.Exists(key => key.Name == names[0]))
            {
                problems.Add($"There are two API keys called '{names[0]}'.");
            }
            else
            {
                keys.Add(new ApiKeySetting(names[0], level.Value, new Secret(parts[1])));
            }
        }

        return keys;
    }
}
