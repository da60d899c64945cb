using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace BackupFunctions.Engine.Json;

/// <summary>In which line of a YAML text each member stands, so that errors found later can say where.</summary>
public sealed class YamlLines
{
    private readonly Dictionary<string, long> lines = new(StringComparer.Ordinal);

    private YamlLines(long firstLine) => FirstLine = firstLine;

    /// <summary>The line in which the document's content begins, from 1.</summary>
    public long FirstLine { get; }

    /// <summary>
    /// The line of the member or element at a path such as <c>$.spec.template.includedNamespaces[0]</c>, as JSON errors give it; of what
    /// holds it when that is unknown.
    /// </summary>
    public long Of(string? path)
    {
        for (string rest = path ?? "$"; rest.Length > 1; rest = rest[..rest.LastIndexOfAny(['.', '['])])
        {
            if (lines.TryGetValue(rest, out long line))
            {
                return line;
            }
        }

        return FirstLine;
    }

    /// <summary>One map for each document that <see cref="YamlReader.ParseAll"/> gives for the same text, which must be valid.</summary>
    public static IReadOnlyList<YamlLines> ParseAll(string text)
    {
        using StringReader reader = new(text);
        Parser parser = new(new Scanner(reader, skipComments: true));
        List<YamlLines> documents = [];
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentStart)
            {
                parser.MoveNext();
                if (parser.Current is not Scalar { Value: "" or "~" or "null" or "Null" or "NULL" })
                {
                    documents.Add(ReadDocument(parser));
                }
            }
        }

        return documents;
    }

    /// <summary>A path extended by a member's name.</summary>
    public static string Member(string path, string name) =>
        name.AsSpan().ContainsAnyExcept(PlainName) ? $"{path}['{name}']" : $"{path}.{name}";

    private static readonly System.Buffers.SearchValues<char> PlainName =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:");

    private static YamlLines ReadDocument(Parser parser)
    {
        YamlLines document = new(parser.Current!.Start.Line); // the caller moved onto an event
        Stack<Level> levels = new();
        do
        {
            ParsingEvent current = parser.Current;
            if (current is DocumentEnd)
            {
                break;
            }

            if (current is MappingEnd or SequenceEnd)
            {
                levels.Pop();
                continue;
            }

            if (levels.TryPeek(out Level? parent) && parent.IsMapping && parent.Key is null)
            {
                parent.Key = current is Scalar key ? key.Value : "";
                document.lines.TryAdd(Member(parent.Path, parent.Key), current.Start.Line);
                continue;
            }

            string path = parent?.NextPath() ?? "$";
            document.lines.TryAdd(path, current.Start.Line);
            if (current is MappingStart or SequenceStart)
            {
                levels.Push(new Level(path, current is MappingStart));
            }
        }
        while (parser.MoveNext());

        return document;
    }

    private sealed class Level(string path, bool isMapping)
    {
        private int next;

        public string Path { get; } = path;

        public bool IsMapping { get; } = isMapping;

        /// <summary>The key whose value comes next.</summary>
        public string? Key { get; set; }

        public string NextPath()
        {
            if (!IsMapping)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Path}[{next++}]");
            }

            string member = Member(Path, Key ?? "");
            Key = null;
            return member;
        }
    }
}
