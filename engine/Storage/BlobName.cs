using System.Text;

namespace BackupFunctions.Engine.Storage;

/// <summary>
/// Name of a blob below the root of a store: segments joined by '/', UTF-8, 1 to 1024 bytes. No segment is empty, "." or "..",
/// and no character is NUL, a control character, a lone surrogate or a backslash, so that a name is safe as a key and as a path
/// below a folder. Names are ordered by their UTF-8 bytes, as object stores list them. <c>default</c> is not a valid name.
/// </summary>
public readonly record struct BlobName : IComparable<BlobName>
{
    private const int MaxBytes = 1024;

    private readonly string? value;

    private BlobName(string value) => this.value = value;

    /// <exception cref="FormatException">The text breaks one of the rules above.</exception>
    public static BlobName Parse(string text) =>
        TryParse(text, out BlobName name) ? name : throw new FormatException($"'{text}' is not a blob name.");

    public static bool TryParse(string? text, out BlobName name)
    {
        name = default;
        if (string.IsNullOrEmpty(text) || Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            return false;
        }

        foreach (Range range in text.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> segment = text.AsSpan(range);
            if (segment.IsEmpty || segment is "." or "..")
            {
                return false;
            }
        }

        foreach (char c in text)
        {
            if (char.IsControl(c) || c == '\\')
            {
                return false;
            }
        }

        if (!Utf8Order.IsWellFormed(text))
        {
            return false;
        }

        name = new BlobName(text);
        return true;
    }

    public int CompareTo(BlobName other) => Utf8Order.Compare(value, other.value);

    public static bool operator <(BlobName left, BlobName right) => left.CompareTo(right) < 0;

    public static bool operator >(BlobName left, BlobName right) => left.CompareTo(right) > 0;

    public static bool operator <=(BlobName left, BlobName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(BlobName left, BlobName right) => left.CompareTo(right) >= 0;

    public override string ToString() => value ?? throw new InvalidOperationException("This blob name was never set.");
}
