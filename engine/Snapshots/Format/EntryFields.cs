using System.Text.Json;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots.Format;

/// <summary>
/// What of an entry tells whether a file changed, read without allocating. Only entries of the members that Kopia and we write for
/// plain files and links: all others are for <see cref="EntryReader"/>, which also says what is wrong with them.
/// </summary>
internal readonly record struct EntryFields(EntryKind Kind, uint Permissions, long LengthBytes, UnixNanos Modified, uint Uid, uint Gid)
{
    private const int MaxObjectIdBytes = 128;

    /// <summary>Reads an element of a directory's entries.</summary>
    /// <param name="element">One whole JSON object.</param>
    /// <param name="name">Gets the name; takes <see cref="FileName.MaxBytes"/>.</param>
    /// <returns>False when it is not of the plain sort; nothing is known of it then.</returns>
    public static bool TryRead(ReadOnlySpan<byte> element, Span<byte> name, out int nameLength, out EntryFields fields)
    {
        Utf8JsonReader json = new(element);
        fields = default;
        nameLength = 0;
        EntryKind? kind = null;
        bool hasObject = false;
        uint permissions = 0, uid = 0, gid = 0;
        long length = 0;
        UnixNanos modified = default;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isUnderstood = json.ValueSpan switch
            {
                [(byte)'n', (byte)'a', (byte)'m', (byte)'e'] => TryReadName(ref json, name, out nameLength),
                [(byte)'t', (byte)'y', (byte)'p', (byte)'e'] => TryReadKind(ref json, out kind),
                [(byte)'m', (byte)'o', (byte)'d', (byte)'e'] => TryReadText(ref json) && GoMode.TryParse(json.ValueSpan, out permissions),
                [(byte)'s', (byte)'i', (byte)'z', (byte)'e'] => TryReadNumber(ref json) && json.TryGetInt64(out length),
                [(byte)'m', (byte)'t', (byte)'i', (byte)'m', (byte)'e'] => TryReadText(ref json) && UnixNanos.TryParse(json.ValueSpan, out modified),
                [(byte)'u', (byte)'i', (byte)'d'] => TryReadNumber(ref json) && json.TryGetUInt32(out uid),
                [(byte)'g', (byte)'i', (byte)'d'] => TryReadNumber(ref json) && json.TryGetUInt32(out gid),
                [(byte)'o', (byte)'b', (byte)'j'] => hasObject = TryReadText(ref json) && IsObjectId(json.ValueSpan),
                _ => false,
            };
            if (!isUnderstood)
            {
                return false;
            }
        }

        fields = new EntryFields(kind ?? default, permissions, length, modified, uid, gid);
        return kind is not null && hasObject && nameLength > 0 && length >= 0 && json.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>Kopia's rule: same kind, time to the nanosecond, mode, owner, group and length.</summary>
    public bool IsOf(in FileMetadata metadata) =>
        Kind == (metadata.Kind == FileKind.Symlink ? EntryKind.Symlink : EntryKind.File)
        && metadata.Kind is FileKind.Regular or FileKind.Symlink
        && Modified == metadata.Modified && Permissions == metadata.Permissions
        && Uid == metadata.Uid && Gid == metadata.Gid && LengthBytes == metadata.LengthBytes;

    private static bool TryReadName(ref Utf8JsonReader json, Span<byte> name, out int length)
    {
        length = 0;
        if (!json.Read() || json.TokenType != JsonTokenType.String || json.ValueSpan.Length > name.Length)
        {
            return false;
        }

        if (json.ValueIsEscaped)
        {
            try
            {
                length = json.CopyString(name);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false; // no text
            }
        }

        json.ValueSpan.CopyTo(name);
        length = json.ValueSpan.Length;
        return true;
    }

    private static bool TryReadKind(ref Utf8JsonReader json, out EntryKind? kind)
    {
        kind = null;
        if (TryReadText(ref json) && json.ValueSpan is [var letter])
        {
            kind = letter switch
            {
                (byte)'f' => EntryKind.File,
                (byte)'s' => EntryKind.Symlink,
                _ => null,
            };
        }

        return kind is not null;
    }

    private static bool TryReadText(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.String && !json.ValueIsEscaped;

    private static bool TryReadNumber(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.Number;

    private static bool IsObjectId(ReadOnlySpan<byte> text)
    {
        Span<char> wide = stackalloc char[MaxObjectIdBytes];
        return text.Length <= MaxObjectIdBytes
            && System.Text.Ascii.ToUtf16(text, wide, out int length) == System.Buffers.OperationStatus.Done
            && ObjectId.TryParse(wide[..length], out _);
    }
}
