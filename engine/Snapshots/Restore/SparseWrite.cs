using BackupFunctions.Engine.Files;

namespace BackupFunctions.Engine.Snapshots.Restore;

/// <summary>Writes to a new file and leaves holes where there were some. Only zeros are ever left out.</summary>
internal static class SparseWrite
{
    private const int BlockBytes = 4096;

    public static void Write(WritableFile file, long offset, ReadOnlySpan<byte> bytes, IReadOnlyList<FileRange> holes, bool zerosAsHoles)
    {
        if (zerosAsHoles)
        {
            WriteNonZero(file, offset, bytes);
            return;
        }

        for (int i = FirstEndingAfter(holes, offset); i < holes.Count && !bytes.IsEmpty && holes[i].OffsetBytes < offset + bytes.Length; i++)
        {
            int before = (int)Math.Max(0, holes[i].OffsetBytes - offset);
            file.Write(offset, bytes[..before]);
            int end = (int)Math.Min(bytes.Length, holes[i].End - offset);
            WriteNonZero(file, offset + before, bytes[before..end]);
            offset += end;
            bytes = bytes[end..];
        }

        file.Write(offset, bytes);
    }

    private static void WriteNonZero(WritableFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        int start = 0; // of what is to be written
        int position = 0;
        while (position < bytes.Length)
        {
            int length = Math.Min(BlockBytes - (int)((offset + position) % BlockBytes), bytes.Length - position);
            if (!bytes.Slice(position, length).ContainsAnyExcept((byte)0))
            {
                file.Write(offset + start, bytes[start..position]);
                start = position + length;
            }

            position += length;
        }

        file.Write(offset + start, bytes[start..]);
    }

    private static int FirstEndingAfter(IReadOnlyList<FileRange> holes, long offset)
    {
        int low = 0, high = holes.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = holes[middle].End > offset ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
