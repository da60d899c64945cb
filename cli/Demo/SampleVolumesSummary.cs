namespace BackupFunctions.Cli.Demo;

/// <summary>What the sample cluster's volumes hold.</summary>
/// <param name="Volumes">How many volumes there are.</param>
/// <param name="Files">Regular files, each name of a hard link counted.</param>
/// <param name="Bytes">Sum of the files' lengths; a sparse file counts with its holes.</param>
internal sealed record SampleVolumesSummary(int Volumes, int Files, long Bytes);
