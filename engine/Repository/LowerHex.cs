namespace BackupFunctions.Engine.Repository;

/// <summary>Hex as Kopia writes it: lowercase only, so that every name has one spelling.</summary>
internal static class LowerHex
{
    /// <summary>False when the text is not exactly <paramref name="destination"/>'s length in lowercase hex.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.Length != destination.Length * 2)
        {
            return false;
        }

        for (int i = 0; i < destination.Length; i++)
        {
            int high = Digit(text[2 * i]);
            int low = Digit(text[(2 * i) + 1]);
            if ((high | low) < 0)
            {
                return false;
            }

            destination[i] = (byte)((high << 4) | low);
        }

        return true;
    }

    private static int Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        _ => -1,
    };
}
