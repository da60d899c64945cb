using System.Runtime.InteropServices;
using System.Text;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Files.Native;

namespace BackupFunctions.Engine.Files;

/// <summary>Extended attributes.</summary>
public sealed unsafe partial class DirectoryHandle
{
    private const int MaxAttributeBytes = 64 << 10;

    // Made up from the mode or the server's policy by the file system itself; to set them again elsewhere would be wrong.
    private static readonly string[] NotKept = ["security.selinux", "security.ima", "security.evm", "system.nfs4_", "system.cifs_", "system.smb3_", "trusted.overlay."];

    /// <summary>The extended attributes of this directory, sorted by name; null where the file system has none at all.</summary>
    public IReadOnlyList<ExtendedAttribute>? GetExtendedAttributes() => ReadAttributes(default);

    /// <summary>The extended attributes of the named entry, sorted by name; null where the file system has none at all.</summary>
    public IReadOnlyList<ExtendedAttribute>? GetExtendedAttributes(FileName name) => ReadAttributes(name.Bytes);

    /// <summary>Sets an extended attribute of this directory.</summary>
    public void SetExtendedAttribute(ExtendedAttribute attribute) => WriteAttribute(default, attribute);

    /// <summary>Sets an extended attribute of the named entry.</summary>
    public void SetExtendedAttribute(FileName name, ExtendedAttribute attribute) => WriteAttribute(name.Bytes, attribute);

    private List<ExtendedAttribute>? ReadAttributes(ReadOnlySpan<byte> name)
    {
        byte* native = stackalloc byte[NativeName.MaxDescriptorPathBytes];
        NativeName.WriteDescriptorPath((int)_handle.DangerousGetHandle(), name, new Span<byte>(native, NativeName.MaxDescriptorPathBytes));
        nint length = Libc.ListAttributes(native, null, 0);
        if (length == 0)
        {
            return [];
        }

        if (length < 0 && Marshal.GetLastPInvokeError() is Errno.NotSupported or Errno.NoSystemCall)
        {
            return null;
        }

        using PooledBytes buffer = PooledBytes.Rent(2 * MaxAttributeBytes);
        fixed (byte* start = buffer.Span)
        {
            length = Libc.ListAttributes(native, start, MaxAttributeBytes);
            if (length < 0)
            {
                throw new FileSystemException(Marshal.GetLastPInvokeError(), "list the extended attributes of", PathOf(name));
            }

            List<ExtendedAttribute> attributes = [];
            ReadOnlySpan<byte> names = buffer.Span[..(int)length];
            while (!names.IsEmpty)
            {
                int end = names.IndexOf((byte)0);
                string attributeName = Encoding.UTF8.GetString(names[..end]);
                if (!NotKept.Any(prefix => attributeName.StartsWith(prefix, StringComparison.Ordinal)))
                {
                    byte* nativeName = start + (length - names.Length);
                    nint valueLength = Libc.GetAttribute(native, nativeName, start + MaxAttributeBytes, MaxAttributeBytes);
                    int error = valueLength < 0 ? Marshal.GetLastPInvokeError() : 0;
                    if (error is not (0 or Errno.NoData))
                    {
                        throw new FileSystemException(error, $"read the extended attribute {attributeName} of", PathOf(name));
                    }

                    if (error == 0)
                    {
                        attributes.Add(new(attributeName, buffer.Span.Slice(MaxAttributeBytes, (int)valueLength).ToArray()));
                    }
                }

                names = names[(end + 1)..];
            }

            GC.KeepAlive(this); // the path above leads through our descriptor
            attributes.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
            return attributes;
        }
    }

    private void WriteAttribute(ReadOnlySpan<byte> name, ExtendedAttribute attribute)
    {
        byte* native = stackalloc byte[NativeName.MaxDescriptorPathBytes];
        NativeName.WriteDescriptorPath((int)_handle.DangerousGetHandle(), name, new Span<byte>(native, NativeName.MaxDescriptorPathBytes));
        fixed (byte* attributeName = Encoding.UTF8.GetBytes(attribute.Name + '\0'))
        fixed (byte* value = attribute.Value.Span)
        {
            if (Libc.SetAttribute(native, attributeName, value, (nuint)attribute.Value.Length, 0) != 0)
            {
                throw new FileSystemException(Marshal.GetLastPInvokeError(), $"set the extended attribute {attribute.Name} of", PathOf(name));
            }
        }

        GC.KeepAlive(this); // the path above leads through our descriptor
    }

    private string PathOf(ReadOnlySpan<byte> name) => name.IsEmpty ? Path : Path + "/" + FileName.ToDisplay(name);
}
