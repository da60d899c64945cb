using System.Buffers.Binary;
using BackupFunctions.Engine.Files.Native;

namespace BackupFunctions.Engine.Files;

/// <summary>
/// The names in one directory as they were at one time, directories first, each part sorted by bytes. Names lie in one array, about
/// 16 bytes and the name's own length each, because directories with millions of files exist.
/// </summary>
public sealed class DirectoryListing
{
    private readonly byte[] _names;
    private readonly Entry[] _entries;

    private DirectoryListing(byte[] names, Entry[] entries, int directoryCount)
    {
        _names = names;
        _entries = entries;
        DirectoryCount = directoryCount;
    }

    /// <summary>How many names there are.</summary>
    public int Count => _entries.Length;

    /// <summary>How many of them, the first ones, are directories.</summary>
    public int DirectoryCount { get; }

    /// <summary>The name at this place.</summary>
    public FileName NameAt(int index) =>
        FileName.TryCreate(_entries[index].In(_names), out FileName name)
            ? name
            : throw new InvalidOperationException("The system listed a name that is none."); // checked when it was added

    /// <summary>What it was when it was listed.</summary>
    public FileKind KindAt(int index) => _entries[index].Kind;

    private readonly record struct Entry(int Start, short Length, FileKind Kind)
    {
        public ReadOnlySpan<byte> In(byte[] names) => names.AsSpan(Start, Length);
    }

    /// <summary>Collects what getdents64(2) returns: records of inode (8 bytes), offset (8), record length (2), type (1), name and NUL.</summary>
    internal sealed class Builder
    {
        private const int LengthOffset = 16;
        private const int TypeOffset = 18;
        private const int NameOffset = 19;

        private readonly List<Entry> _entries = [];
        private byte[] _names = new byte[256];
        private int _used;

        public void Add(ReadOnlySpan<byte> records)
        {
            while (!records.IsEmpty)
            {
                int length = BitConverter.IsLittleEndian
                    ? BinaryPrimitives.ReadUInt16LittleEndian(records[LengthOffset..])
                    : BinaryPrimitives.ReadUInt16BigEndian(records[LengthOffset..]);
                ReadOnlySpan<byte> name = records[NameOffset..length];
                name = name[..name.IndexOf((byte)0)];
                if (FileName.TryCreate(name, out _))
                {
                    // The type in the record is the mode's four type bits; 0 where the file system does not tell.
                    AddName(name, Flags.KindOf((uint)records[TypeOffset] << 12));
                }

                records = records[length..];
            }
        }

        public DirectoryListing Build(Func<FileName, FileKind?> inspect)
        {
            Entry[] entries = [.. _entries];
            for (int i = 0; i < entries.Length; i++)
            {
                if (entries[i].Kind == FileKind.Unknown && FileName.TryCreate(entries[i].In(_names), out FileName name))
                {
                    entries[i] = entries[i] with { Kind = inspect(name) ?? FileKind.Unknown };
                }
            }

            Array.Sort(entries, (left, right) =>
            {
                int order = (left.Kind == FileKind.Directory ? 0 : 1) - (right.Kind == FileKind.Directory ? 0 : 1);
                return order != 0 ? order : left.In(_names).SequenceCompareTo(right.In(_names));
            });
            return new DirectoryListing(_names, entries, entries.Count(entry => entry.Kind == FileKind.Directory));
        }

        private void AddName(ReadOnlySpan<byte> name, FileKind kind)
        {
            if (_names.Length - _used < name.Length)
            {
                Array.Resize(ref _names, (int)Math.Min(Array.MaxLength, Math.Max(2L * _names.Length, _used + (long)name.Length)));
            }

            name.CopyTo(_names.AsSpan(_used));
            _entries.Add(new Entry(_used, (short)name.Length, kind));
            _used += name.Length;
        }
    }
}
