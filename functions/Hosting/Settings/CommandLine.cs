namespace BackupFunctions.App.Hosting.Settings;

/// <summary>The few options of the executable: <c>--drain</c>, <c>--functions A,B</c>, <c>--urls http://…</c>, and <c>--set NAME=VALUE</c> for any setting.</summary>
internal static class CommandLine
{
    public const string Usage = "backup-functions [--drain] [--functions NAME,NAME…] [--urls http://HOST:PORT] [--set NAME=VALUE]…";

    /// <summary>Keys of the options that are no settings begin with this.</summary>
    public const string Section = "commandline:";

    /// <exception cref="SettingsException">An option that there is not.</exception>
    public static IReadOnlyDictionary<string, string?> Parse(IReadOnlyList<string> args)
    {
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < args.Count; index++)
        {
            string[] option = args[index].Split('=', 2);
            switch (option[0])
            {
                case "--drain" when option.Length == 1:
                    values[Section + "drain"] = "true";
                    break;
                case "--functions" or "--urls":
                    values[Section + option[0][2..]] = ValueOf(option, args, ref index);
                    break;
                case "--set":
                    string[] pair = ValueOf(option, args, ref index).Split('=', 2);
                    values[pair[0]] = pair.Length == 2 ? pair[1] : throw new SettingsException([$"--set {pair[0]} has no value. Usage: {Usage}"]);
                    break;
                default:
                    throw new SettingsException([$"There is no option '{option[0]}'. Usage: {Usage}"]);
            }
        }

        return values;
    }

    private static string ValueOf(string[] option, IReadOnlyList<string> args, ref int index) =>
        option.Length == 2 ? option[1]
        : ++index < args.Count ? args[index]
        : throw new SettingsException([$"Option {option[0]} has no value. Usage: {Usage}"]);
}
