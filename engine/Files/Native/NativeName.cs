namespace BackupFunctions.Engine.Files.Native;

/// <summary>Copies of names that end in NUL, as the C library takes them.</summary>
internal static class NativeName
{
    /// <summary>Room for a name and its NUL.</summary>
    public const int MaxBytes = FileName.MaxBytes + 1;

    /// <summary>Room for the path of a name below an open directory.</summary>
    public const int MaxDescriptorPathBytes = 32 + MaxBytes;

    /// <summary>Writes the name and a NUL to <paramref name="destination"/>, which has <see cref="MaxBytes"/>.</summary>
    public static void Write(FileName name, Span<byte> destination)
    {
        name.Bytes.CopyTo(destination);
        destination[name.Bytes.Length] = 0;
    }

    /// <summary>
    /// Writes the path that leads to an entry of an open directory through the process's own descriptor table, for the calls on
    /// extended attributes, which have no form relative to a directory. With no name: to the directory itself.
    /// </summary>
    public static void WriteDescriptorPath(int descriptor, ReadOnlySpan<byte> name, Span<byte> destination)
    {
        "/proc/self/fd/"u8.CopyTo(destination);
        int length = "/proc/self/fd/"u8.Length;
        descriptor.TryFormat(destination[length..], out int digits, provider: System.Globalization.CultureInfo.InvariantCulture);
        length += digits;
        destination[length++] = (byte)'/'; // the slash makes the descriptor's link be followed, and nothing after it
        name = name.IsEmpty ? "."u8 : name;
        name.CopyTo(destination[length..]);
        destination[length + name.Length] = 0;
    }
}
