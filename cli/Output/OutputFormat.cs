namespace BackupFunctions.Cli.Output;

/// <summary>What <c>-o</c> may say.</summary>
internal enum OutputFormat
{
    Table,
    Json,
    Yaml,
}
