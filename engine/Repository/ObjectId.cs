using System.Diagnostics.CodeAnalysis;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Name of an object: bytes of any length. With <see cref="Indirections"/> 0 it is one content; each <c>I</c> in front means that
/// the rest names a list of parts. <c>Z</c> in front of a content means that its bytes carry their own compression header (only
/// repositories with index version 1 have such objects). <c>default</c> is no object.
/// </summary>
public readonly record struct ObjectId
{
    /// <summary>More levels than this are refused: at the smallest chunk size three of them already hold more bytes than exist.</summary>
    public const int MaxIndirections = 8;

    private readonly byte _indirections;

    private ObjectId(ContentId content, int indirections, bool isCompressed)
    {
        Content = content;
        _indirections = (byte)indirections;
        IsCompressed = isCompressed;
    }

    /// <summary>The content that holds the object, or its outermost list.</summary>
    public ContentId Content { get; }

    /// <summary>How many levels of lists there are.</summary>
    public int Indirections => _indirections;

    /// <summary>Whether the content's bytes start with a compression header of the object layer.</summary>
    public bool IsCompressed { get; }

    /// <summary>The object that is just this content.</summary>
    public static ObjectId Direct(ContentId content) => new(content, 0, isCompressed: false);

    /// <summary>The object whose bytes are compressed in this content.</summary>
    internal static ObjectId DirectCompressed(ContentId content) => new(content, 0, isCompressed: true);

    /// <summary>The object whose parts are listed by <paramref name="list"/>.</summary>
    public static ObjectId ListedBy(ObjectId list)
    {
        if (list.IsCompressed)
        {
            throw new ArgumentException("A compressed object cannot be a list.", nameof(list));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(list.Indirections, MaxIndirections);
        return new ObjectId(list.Content, list.Indirections + 1, isCompressed: false);
    }

    /// <summary>The list of this object's parts; only when <see cref="Indirections"/> is not 0.</summary>
    internal ObjectId List => Indirections > 0
        ? new ObjectId(Content, Indirections - 1, isCompressed: false)
        : throw new InvalidOperationException($"The object {this} has no list.");

    /// <exception cref="FormatException">The text is not an object's name.</exception>
    public static ObjectId Parse(string text) =>
        TryParse(text, out ObjectId id) ? id : throw new FormatException($"'{text}' is not an object ID.");

    public static bool TryParse([NotNullWhen(true)] string? text, out ObjectId id) => TryParse(text.AsSpan(), out id);

    public static bool TryParse(ReadOnlySpan<char> text, out ObjectId id)
    {
        id = default;
        ReadOnlySpan<char> rest = text;
        int indirections = rest.IndexOfAnyExcept('I');
        if (indirections < 0 || indirections > MaxIndirections)
        {
            return false;
        }

        rest = rest[indirections..];
        bool isCompressed = rest[0] == 'Z';
        if (isCompressed)
        {
            rest = rest[1..];
        }

        if (!rest.IsEmpty && rest[0] == 'D')
        {
            rest = rest[1..]; // written by very old versions, without meaning
        }

        if ((isCompressed && indirections > 0) || !ContentId.TryParse(rest, out ContentId content))
        {
            return false;
        }

        id = new ObjectId(content, indirections, isCompressed);
        return true;
    }

    public override string ToString() => new string('I', Indirections) + (IsCompressed ? "Z" : "") + Content;
}
