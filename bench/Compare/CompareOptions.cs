using System.Globalization;

namespace BackupFunctions.Bench.Compare;

/// <summary>What to measure. A work folder that is given stays, and later runs in it add to its figures, so that a long comparison can be taken in parts.</summary>
internal sealed record CompareOptions
{
    public const string Usage = "compare [WORK-FOLDER] [--tree mixed|small] [--rounds N] [--programs NAME,NAME] [--backupctl FILE]";

    public string? WorkFolder { get; private init; }

    /// <summary>Whether the tree of 1.6 GB is measured.</summary>
    public bool Mixed { get; private init; } = true;

    /// <summary>Whether the tree of 200,000 files is measured.</summary>
    public bool SmallFiles { get; private init; } = true;

    /// <summary>How often each program has its turn.</summary>
    public int Rounds { get; private init; } = 3;

    /// <summary>Only programs whose names start with one of these; empty for all.</summary>
    public IReadOnlyList<string> Programs { get; private init; } = [];

    /// <summary>This project's program; what PATH or the build has when null.</summary>
    public string? Backupctl { get; private init; }

    /// <returns>Null when the arguments are wrong.</returns>
    public static CompareOptions? Parse(ReadOnlySpan<string> arguments)
    {
        CompareOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            CompareOptions? next = arguments[i] switch
            {
                "--tree" when i + 1 < arguments.Length => arguments[++i] switch
                {
                    "mixed" => options with { SmallFiles = false },
                    "small" => options with { Mixed = false },
                    _ => null,
                },
                "--rounds" when i + 1 < arguments.Length && int.TryParse(arguments[++i], CultureInfo.InvariantCulture, out int rounds) && rounds >= 0 =>
                    options with { Rounds = rounds },
                "--programs" when i + 1 < arguments.Length => options with { Programs = arguments[++i].Split(',') },
                "--backupctl" when i + 1 < arguments.Length => options with { Backupctl = Path.GetFullPath(arguments[++i]) },
                ['-', ..] => null,
                var folder when options.WorkFolder is null => options with { WorkFolder = Path.GetFullPath(folder) },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options;
    }
}
