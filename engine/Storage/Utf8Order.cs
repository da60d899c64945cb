using System.Text;

namespace BackupFunctions.Engine.Storage;

/// <summary>
/// The order of texts by their UTF-8 bytes, found without encoding them. It differs from the ordinal order of UTF-16 only
/// where one text has a surrogate and the other a character from U+E000 on.
/// </summary>
internal static class Utf8Order
{
    internal static int Compare(string? left, string? right)
    {
        if (left is null || right is null)
        {
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        }

        int same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
        {
            return left.Length - right.Length;
        }

        return Weight(left[same]) - Weight(right[same]);
    }

    internal static bool IsWellFormed(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int used) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }

    /// <summary>Moves surrogates (which stand for U+10000 and more) behind all other characters.</summary>
    private static int Weight(char c) => char.IsSurrogate(c) ? c + char.MaxValue : c;
}
