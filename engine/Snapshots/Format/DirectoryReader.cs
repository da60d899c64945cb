using System.Text.Json;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots.Format;

/// <summary>
/// Reads a directory object entry by entry, so that memory does not grow with the directory. Call <see cref="ReadAsync"/> until it
/// returns null; <see cref="Specials"/> is filled then. The opener disposes it.
/// </summary>
internal sealed class DirectoryReader : IAsyncDisposable
{
    private const string StreamName = "kopia:directory";
    private const int FirstBufferBytes = 16 << 10;

    // An entry with the most extended attributes that Linux lets a file have, and room.
    private const int MaxElementBytes = 64 << 20;
    private const int MaxSpecials = 1_000_000;

    private readonly Stream _stream;
    private readonly string _where;
    private readonly List<SpecialEntry> _specials = [];
    private PooledBytes _buffer = PooledBytes.Rent(FirstBufferBytes);
    private int _start;
    private int _end;
    private int _elementStart;
    private int _elementLength;
    private bool _isFinal;
    private JsonReaderState _state;
    private Place _place = Place.Start;
    private bool _hasStreamName;

    private DirectoryReader(Stream stream, ObjectId id)
    {
        _stream = stream;
        _where = $"(directory {id})";
    }

    /// <summary>Pipes and device nodes; complete after the last entry was read.</summary>
    public IReadOnlyList<SpecialEntry> Specials => _specials;

    public static async Task<DirectoryReader> OpenAsync(KopiaRepository repository, ObjectId id, CancellationToken cancellationToken)
    {
        try
        {
            return new DirectoryReader(await repository.OpenObjectAsync(id, cancellationToken), id);
        }
        catch (BackupException error) when (error.Kind == ErrorKind.NotFound)
        {
            throw new RepositoryCorruptException($"(directory {id})", null, "the directory object", "nothing", error);
        }
    }

    /// <summary>The JSON of the present entry; valid until the next is moved to.</summary>
    public ReadOnlySpan<byte> Element => _buffer.Span.Slice(_elementStart, _elementLength);

    /// <summary>The next entry, or null after the last one.</summary>
    public async ValueTask<DirectoryEntry?> ReadAsync(CancellationToken cancellationToken) =>
        await MoveNextAsync(cancellationToken) ? ReadElement() : null;

    /// <summary>Moves to the next entry; false after the last one.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            (bool hasMore, bool isOnEntry) = Step();
            if (isOnEntry || !hasMore)
            {
                return isOnEntry;
            }

            await FillAsync(cancellationToken);
        }
    }

    /// <summary>Reads the present entry.</summary>
    public DirectoryEntry ReadElement()
    {
        try
        {
            Utf8JsonReader json = new(Element);
            json.Read();
            return EntryReader.ReadEntry(ref json, _where);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new RepositoryCorruptException(_where, null, "JSON", "something else", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _buffer.Dispose();
        await _stream.DisposeAsync();
    }

    /// <summary>Goes on in the buffer up to the next entry, the end (no more), or where bytes are missing (more, no entry).</summary>
    private (bool HasMore, bool IsOnEntry) Step()
    {
        try
        {
            while (_place != Place.End)
            {
                Utf8JsonReader json = new(_buffer.Span[_start.._end], _isFinal, _state);
                if (!Step(ref json, out bool isOnEntry))
                {
                    return _isFinal ? throw MemberReader.Wrong(_where, "a complete directory", "one cut short") : (true, false);
                }

                _start += (int)json.BytesConsumed;
                _state = json.CurrentState;
                if (isOnEntry)
                {
                    return (true, true);
                }
            }

            return _hasStreamName ? (false, false) : throw MemberReader.Wrong(_where, $"a stream named {StreamName}", "no name");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new RepositoryCorruptException(_where, null, "JSON", "something else", error);
        }
    }

    private bool Step(ref Utf8JsonReader json, out bool isOnEntry)
    {
        isOnEntry = false;
        if (!json.Read())
        {
            return false;
        }

        switch (_place)
        {
            case Place.Start:
                _ = MemberReader.EnterObject(ref json, _where) ? true : throw MemberReader.Wrong(_where, "an object", "null");
                _place = Place.Members;
                return true;
            case Place.Members when json.TokenType == JsonTokenType.EndObject:
                _place = Place.End;
                return true;
            case Place.Members:
                return StepMember(ref json);
            default:
                return StepElement(ref json, out isOnEntry);
        }
    }

    private bool StepMember(ref Utf8JsonReader json)
    {
        string name = json.GetString() ?? "";
        if (!json.Read())
        {
            return false;
        }

        switch (name)
        {
            case "entries":
                _place = MemberReader.EnterArray(ref json, _where) ? Place.Entries : Place.Members;
                return true;
            case "special":
                _place = MemberReader.EnterArray(ref json, _where) ? Place.Specials : Place.Members;
                return true;
            case "stream":
                string text = MemberReader.Text(ref json, _where);
                _hasStreamName = text == StreamName ? true : throw MemberReader.Wrong(_where, $"a stream named {StreamName}", $"'{text}'");
                return true;
            default:
                return json.TrySkip();
        }
    }

    private bool StepElement(ref Utf8JsonReader json, out bool isOnEntry)
    {
        isOnEntry = false;
        if (json.TokenType == JsonTokenType.EndArray)
        {
            _place = Place.Members;
            return true;
        }

        Utf8JsonReader element = json;
        int start = (int)json.TokenStartIndex;
        if (!json.TrySkip())
        {
            return false;
        }

        if (_place == Place.Entries)
        {
            isOnEntry = true;
            (_elementStart, _elementLength) = (_start + start, (int)json.BytesConsumed - start);
        }
        else
        {
            _specials.Add(EntryReader.ReadSpecial(ref element, _where));
            _ = _specials.Count <= MaxSpecials ? true : throw MemberReader.Wrong(_where, $"at most {MaxSpecials} special entries", "more");
        }

        return true;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        int kept = _end - _start;
        if (kept >= MaxElementBytes)
        {
            throw MemberReader.Wrong(_where, $"entries of at most {MaxElementBytes} bytes", "a longer one");
        }

        if (kept > _buffer.Length / 2)
        {
            PooledBytes larger = PooledBytes.Rent(2 * _buffer.Length);
            _buffer.Span[_start.._end].CopyTo(larger.Span);
            _buffer.Dispose();
            _buffer = larger;
        }
        else
        {
            _buffer.Span[_start.._end].CopyTo(_buffer.Span);
        }

        (_start, _end) = (0, kept);
        int count = await _stream.ReadAsync(_buffer.Memory[_end..], cancellationToken);
        _end += count;
        _isFinal = count == 0;
    }

    private enum Place
    {
        Start,
        Members,
        Entries,
        Specials,
        End,
    }
}
