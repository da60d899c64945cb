using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>
/// Takes the items out of one page of a list while it arrives: memory holds one item and what came with it, not the page. Members
/// of the list may come in any order.
/// </summary>
internal sealed class KubePageReader(Func<Memory<byte>, int, CancellationToken, Task<int>> read) : IDisposable
{
    private const int FirstBufferBytes = 128 * 1024;

    /// <summary>A server stores at most 1.5 MiB by default; its JSON may be larger, and limits can be raised.</summary>
    private const int MaxItemBytes = 64 * 1024 * 1024;

    private PooledBytes _buffer = PooledBytes.Rent(FirstBufferBytes);
    private int _start; // what lies before it was consumed
    private int _end; // what lies behind it is free
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = ClusterJson.Reading.MaxDepth });
    private Place _place = Place.Root;
    private string _member = "";

    private enum Place
    {
        Root,
        Member,
        Value,
        Item,
        End,
    }

    private enum Step
    {
        NeedsMore,
        Item,
        End,
    }

    /// <summary>The token for the next page once the page was read; null when this was the last.</summary>
    public string? Continue { get; private set; }

    public void Dispose() => _buffer.Dispose();

    /// <summary>The next item, or null at the end of the page.</summary>
    /// <exception cref="IOException">The answer broke off.</exception>
    /// <exception cref="BackupException">Corrupt: the answer is no list.</exception>
    public async Task<JsonObject?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Step step;
            JsonObject? item;
            try
            {
                step = Advance(out item);
            }
            catch (Exception e) when (e is JsonException or ArgumentException)
            {
                throw NoList(e.Message, e);
            }

            switch (step)
            {
                case Step.Item:
                    return item;
                case Step.End:
                    await DrainAsync(cancellationToken);
                    return null;
                default:
                    await FillAsync(cancellationToken);
                    break;
            }
        }
    }

    private static BackupException NoList(string problem, Exception? inner) =>
        new(ErrorKind.Corrupt, $"The API server's answer is not a list: {problem}", "Check that the address is that of an API server.", inner);

    private Step Advance(out JsonObject? item)
    {
        item = null;
        while (_place != Place.End)
        {
            Utf8JsonReader reader = new(_buffer.Span[_start.._end], isFinalBlock: false, _state);
            if (!reader.Read() || !TakeToken(ref reader, ref item))
            {
                return Step.NeedsMore;
            }

            _start += (int)reader.BytesConsumed;
            _state = reader.CurrentState;
            if (item is not null)
            {
                return Step.Item;
            }
        }

        return Step.End;
    }

    /// <summary>Acts on the token that was just read; false when the rest of its value is not there yet.</summary>
    private bool TakeToken(ref Utf8JsonReader reader, ref JsonObject? item)
    {
        switch (_place)
        {
            case Place.Root:
                Expect(reader.TokenType == JsonTokenType.StartObject);
                _place = Place.Member;
                return true;
            case Place.Member:
                _place = reader.TokenType == JsonTokenType.EndObject ? Place.End : Place.Value;
                _member = _place == Place.Value ? reader.GetString() ?? "" : "";
                return true;
            case Place.Value:
                return TakeValue(ref reader);
            default:
                if (reader.TokenType == JsonTokenType.EndArray)
                {
                    _place = Place.Member;
                    return true;
                }

                Expect(reader.TokenType == JsonTokenType.StartObject);
                item = TakeNode(ref reader) as JsonObject;
                return item is not null;
        }
    }

    private bool TakeValue(ref Utf8JsonReader reader)
    {
        if (_member == "items" && reader.TokenType != JsonTokenType.Null)
        {
            Expect(reader.TokenType == JsonTokenType.StartArray);
            _place = Place.Item;
            return true;
        }

        if (_member == "metadata" && reader.TokenType == JsonTokenType.StartObject)
        {
            if (TakeNode(ref reader) is not JsonObject metadata)
            {
                return false;
            }

            Continue = metadata["continue"] is JsonValue value && value.TryGetValue(out string? token) && token.Length > 0 ? token : null;
        }
        else if (!reader.TrySkip())
        {
            return false;
        }

        _place = Place.Member;
        return true;
    }

    private JsonNode? TakeNode(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        return reader.TrySkip()
            ? JsonNode.Parse(_buffer.Span[(_start + start)..(_start + (int)reader.BytesConsumed)], documentOptions: ClusterJson.Reading)
            : null;
    }

    private static void Expect(bool met)
    {
        if (!met)
        {
            throw NoList("it has the wrong shape", null);
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        int kept = _end - _start;
        if (kept == _buffer.Length)
        {
            if (kept >= MaxItemBytes)
            {
                throw NoList($"an object is larger than {MaxItemBytes} bytes", null);
            }

            PooledBytes larger = PooledBytes.Rent(Math.Min(kept * 2, MaxItemBytes));
            _buffer.Span[_start.._end].CopyTo(larger.Span);
            _buffer.Dispose();
            _buffer = larger;
        }
        else if (_start > 0)
        {
            _buffer.Span[_start.._end].CopyTo(_buffer.Span);
        }

        (_start, _end) = (0, kept);

        // Half as much again at least, so that a large item is not looked through for every piece of it that comes.
        int minimum = Math.Clamp(kept / 2, 1, _buffer.Length - kept);
        int count = await read(_buffer.Memory[_end..], minimum, cancellationToken);
        if (count == 0)
        {
            throw new IOException("the answer ended in the middle of a list");
        }

        _end += count;
    }

    /// <summary>Reads to the end, so that the connection can be used again.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        const int MaxTail = 4096;
        int tail = 0;
        int count;
        while (tail < MaxTail && (count = await read(_buffer.Memory, 1, cancellationToken)) > 0)
        {
            tail += count;
        }
    }
}
