namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>The copy of earlier output that all formats of the LZ77 family have.</summary>
internal static class BackReference
{
    /// <summary>
    /// Appends <paramref name="count"/> bytes from <paramref name="offset"/> bytes before the end of what is written; the two may
    /// overlap, which repeats a pattern. False when the source lies before the start or the copy ends after the end.
    /// </summary>
    public static bool TryCopy(Span<byte> output, ref int at, int offset, int count)
    {
        if (offset <= 0 || offset > at || count < 0 || count > output.Length - at)
        {
            return false;
        }
        for (var left = count; left > 0;)
        {
            // Whatever has been copied so far can be copied again, so a short pattern doubles.
            var step = Math.Min(left, offset);
            output.Slice(at - offset, step).CopyTo(output[at..]);
            at += step;
            left -= step;
            offset += step;
        }
        return true;
    }
}
