namespace BackupFunctions.Engine.Snapshots.Format;

/// <summary>
/// Modes as Kopia's text: "0" and the octal digits of Go's FileMode, which has set-user-id, set-group-id and sticky at bits 23, 22
/// and 20 instead of Unix's 11, 10 and 9. Kopia's fs/entry.go and snapshot/manifest.go, v0.23.1.
/// </summary>
internal static class GoMode
{
    private const int MaxDigits = 10;
    private const uint AccessMask = 0x1FF; // 0777
    private const uint UnixSetUid = 0x800, UnixSetGid = 0x400, UnixSticky = 0x200;
    private const uint GoSetUid = 1 << 23, GoSetGid = 1 << 22, GoSticky = 1 << 20;

    public static string ToText(uint permissions)
    {
        uint mode = permissions & AccessMask;
        mode |= (permissions & UnixSetUid) != 0 ? GoSetUid : 0;
        mode |= (permissions & UnixSetGid) != 0 ? GoSetGid : 0;
        mode |= (permissions & UnixSticky) != 0 ? GoSticky : 0;
        return "0" + Convert.ToString((int)mode, toBase: 8);
    }

    public static bool TryParse(string text, out uint permissions)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        permissions = 0;
        return text.Length <= MaxDigits && System.Text.Ascii.FromUtf16(text, digits, out int length) == System.Buffers.OperationStatus.Done
            && TryParse(digits[..length], out permissions);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out uint permissions)
    {
        permissions = 0;
        if (text.Length is 0 or > MaxDigits || text.ContainsAnyExceptInRange((byte)'0', (byte)'7'))
        {
            return false;
        }

        uint mode = 0;
        foreach (byte digit in text)
        {
            mode = (mode << 3) | (uint)(digit - '0');
        }

        permissions = mode & AccessMask;
        permissions |= (mode & GoSetUid) != 0 ? UnixSetUid : 0;
        permissions |= (mode & GoSetGid) != 0 ? UnixSetGid : 0;
        permissions |= (mode & GoSticky) != 0 ? UnixSticky : 0;
        return true;
    }
}
