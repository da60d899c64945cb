namespace BackupFunctions.Bench.Compare;

/// <summary>A backup program as the comparison drives it: every step is one process.</summary>
internal interface IBackupProgram
{
    /// <summary>In the table and the plot.</summary>
    string Name { get; }

    /// <summary>The settings that matter for speed.</summary>
    string Settings { get; }

    /// <summary>Why it cannot be measured here, or null.</summary>
    string? ReasonMissing { get; }

    /// <summary>Prints the version.</summary>
    ChildCommand Version { get; }

    /// <summary>Makes an empty repository in an empty folder; not timed.</summary>
    ChildCommand Create(string repository);

    /// <summary>Backs a tree up; <paramref name="number"/> counts the backups in this repository from 1.</summary>
    ChildCommand Backup(string repository, string tree, int number);

    /// <summary>Restores backup <paramref name="number"/> below the empty folder <paramref name="target"/>.</summary>
    ChildCommand Restore(string repository, string target, int number);

    /// <summary>Where below <paramref name="target"/> the tree lies then.</summary>
    string RestoredTree(string tree, string target);
}
