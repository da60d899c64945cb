using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting.Settings;

/// <summary>Settings that cannot be used: every problem at once.</summary>
internal sealed class SettingsException(IReadOnlyList<string> problems)
    : BackupException(
        ErrorKind.InvalidInput,
        problems.Count == 1 ? problems[0] : $"There are {problems.Count} problems with the settings:{string.Concat(problems.Select(problem => "\n- " + problem))}\n",
        "Correct them in the environment, in local.settings.json or in host.json; docs/settings.md lists all settings.")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
