using System.CommandLine;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary>The options that say how a repository is made; each left out means what Kopia and Velero take.</summary>
internal sealed class NewRepositoryChoices
{
    private static readonly NewRepositoryOptions Default = new();

    private readonly Option<string?> hash = OptionValues.OneOf("--hash", "hash", RepositoryAlgorithms.Hashes, $"Keyed hash that names contents [default: {Default.Hash}]; one of");
    private readonly Option<string?> encryption = OptionValues.OneOf("--encryption", "encryption", RepositoryAlgorithms.Encryptions, $"Cipher [default: {Default.Encryption}]; one of");
    private readonly Option<string?> splitter = OptionValues.OneOf("--splitter", "splitter", RepositoryAlgorithms.Splitters, $"Where files are cut [default: {Default.Splitter}]; one of");
    private readonly Option<string?> keyDerivation = OptionValues.OneOf("--key-derivation", "key derivation", RepositoryAlgorithms.KeyDerivations, $"From password to key [default: {Default.KeyDerivation}]; one of");
    private readonly Option<int> formatVersion = new("--format-version") { HelpName = "1|2|3", Description = "2 and 1 are for old readers", DefaultValueFactory = _ => Default.FormatVersion };
    private readonly Option<long?> packSize = OptionValues.Bytes("--pack-size", "Packs are closed at this size, 10M to 120M [default: 20M]");

    private readonly Option<string?> retentionMode = OptionValues.OneOf("--retention-mode", "retention mode", RepositoryAlgorithms.RetentionModes, "Lock blobs in a bucket made with object lock [default: not]; one of");
    private readonly Option<TimeSpan?> retentionPeriod = OptionValues.Duration("--retention-period", "For how long, at least 24h");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[hash, encryption, splitter, keyDerivation, formatVersion, packSize, retentionMode, retentionPeriod])
        {
            command.Options.Add(option);
        }
    }

    public NewRepositoryOptions Read(ParseResult parsed) => new()
    {
        Hash = parsed.GetValue(hash) ?? Default.Hash,
        Encryption = parsed.GetValue(encryption) ?? Default.Encryption,
        Splitter = parsed.GetValue(splitter) ?? Default.Splitter,
        KeyDerivation = parsed.GetValue(keyDerivation) ?? Default.KeyDerivation,
        FormatVersion = parsed.GetValue(formatVersion),
        MaxPackBytes = (int)Math.Min(parsed.GetValue(packSize) ?? Default.MaxPackBytes, int.MaxValue),
        RetentionMode = parsed.GetValue(retentionMode),
        RetentionPeriod = parsed.GetValue(retentionPeriod) ?? TimeSpan.Zero,
    };
}
