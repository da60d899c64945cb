namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>CRC-32 of IEEE 802.3 (reflected, polynomial 0xEDB88320), for the few bytes of a postamble.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * Polynomial);
            }
        }

        return ~crc;
    }
}
