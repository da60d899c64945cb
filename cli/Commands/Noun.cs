using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Cli.Client;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Commands;

/// <summary>A kind of object as the commands that are alike for all kinds need it.</summary>
internal record Noun<T>
{
    public required string Singular { get; init; }

    public required string Plural { get; init; }

    /// <summary>Kind of a list of them in JSON and YAML.</summary>
    public required string ListKind { get; init; }

    public required Func<IBackupClient, IObjectClient<T>> Client { get; init; }

    public required Func<T, ObjectMetadata> Metadata { get; init; }

    public required Func<IEnumerable<T>, DateTimeOffset, string> Table { get; init; }

    public required JsonTypeInfo<T> Json { get; init; }

    /// <summary>What is said when one was handed over for deletion; <c>{0}</c> is its name.</summary>
    public required string DeletedText { get; init; }

    public string NameOf(T value) => Metadata(value).Name ?? "";
}
