using System.Text.Json;

namespace BackupFunctions.Engine.Repository.Objects;

/// <summary>
/// Reads the JSON of a list object piece by piece: <c>{"stream":"kopia:indirect","entries":[{"s":…,"l":…,"o":"…"},…]}</c>. Members
/// that it does not know are skipped. The parts must follow one another without gap.
/// </summary>
internal sealed class IndirectListParser(ObjectId list)
{
    private enum Stage
    {
        BeforeObject,
        InObject,
        BeforeEntries,
        InEntries,
        Skipping,
        AfterObject,
    }

    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 16 });
    private Stage _stage = Stage.BeforeObject;
    private long _end;
    private long _count;

    /// <summary>Whether the whole object was read.</summary>
    public bool IsComplete => _stage == Stage.AfterObject;

    /// <summary>Takes bytes and adds the parts that are complete in them.</summary>
    /// <returns>How many bytes were used up; the others are to be given again with more behind them.</returns>
    public int Parse(ReadOnlySpan<byte> bytes, bool isEnd, List<ObjectPart> parts)
    {
        Utf8JsonReader reader = new(bytes, isEnd, _state);
        try
        {
            while (TryStep(ref reader, parts))
            {
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException) // the latter for half a surrogate pair
        {
            throw Damaged("JSON of a list", "something else", malformed);
        }

        if (isEnd && (!IsComplete || _count == 0))
        {
            throw Damaged("a list with at least one entry", "none, or an incomplete one");
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    /// <summary>False when more bytes are needed.</summary>
    private bool TryStep(ref Utf8JsonReader reader, List<ObjectPart> parts)
    {
        switch (_stage)
        {
            case Stage.BeforeObject when reader.Read():
                Expect(reader.TokenType == JsonTokenType.StartObject);
                _stage = Stage.InObject;
                return true;
            case Stage.InObject when reader.Read():
                _stage = reader.TokenType == JsonTokenType.EndObject ? Stage.AfterObject : reader.ValueTextEquals("entries"u8) ? Stage.BeforeEntries : Stage.Skipping;
                return true;
            case Stage.BeforeEntries when reader.Read():
                Expect(reader.TokenType == JsonTokenType.StartArray);
                _stage = Stage.InEntries;
                return true;
            case Stage.InEntries:
                return TryReadEntry(ref reader, parts);
            case Stage.Skipping:
                Utf8JsonReader ahead = reader;
                if (!ahead.Read() || !ahead.TrySkip())
                {
                    return false;
                }

                reader = ahead;
                _stage = Stage.InObject;
                return true;
            case Stage.AfterObject:
                return reader.Read();
            default:
                return false;
        }
    }

    private bool TryReadEntry(ref Utf8JsonReader reader, List<ObjectPart> parts)
    {
        Utf8JsonReader ahead = reader;
        if (!ahead.Read())
        {
            return false;
        }

        if (ahead.TokenType == JsonTokenType.EndArray)
        {
            reader = ahead;
            _stage = Stage.InObject;
            return true;
        }

        Expect(ahead.TokenType == JsonTokenType.StartObject);
        Utf8JsonReader whole = ahead;
        if (!whole.TrySkip())
        {
            return false;
        }

        IndirectEntry? entry = JsonSerializer.Deserialize(ref ahead, RepositoryJson.Default.IndirectEntry);
        reader = whole;
        if (entry is null || entry.Start != _end || entry.LengthBytes < 0 || _end + entry.LengthBytes < 0 || !ObjectId.TryParse(entry.Object, out ObjectId id))
        {
            throw Damaged($"a part that starts at {_end}", $"a part '{entry?.Object}' of {entry?.LengthBytes} bytes at {entry?.Start}");
        }

        if (entry.LengthBytes == 0 && id.Indirections > 0)
        {
            throw Damaged("lists of something", $"a list '{id}' of nothing"); // nobody writes it, and lists of it could be walked for ever
        }

        parts.Add(new ObjectPart(_end, entry.LengthBytes, id));
        _end += entry.LengthBytes;
        _count++;
        return true;
    }

    private void Expect(bool holds)
    {
        if (!holds)
        {
            throw Damaged("JSON of a list", "other JSON");
        }
    }

    private RepositoryCorruptException Damaged(string expected, string found, Exception? inner = null) =>
        new(list.ToString(), null, expected + " (list object)", found, inner);
}
