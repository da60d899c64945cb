using System.Buffers.Binary;
using System.Text;

namespace BackupFunctions.Tests.Engine.Repository.Fuzz;

/// <summary>Changes samples of a format the way that breaks parsers: flips, cuts, splices, and fields and numbers at their extremes.</summary>
internal static class Mutation
{
    private static readonly string[] Numbers =
        ["0", "-1", "1", "255", "65536", "2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e308", "1e999", "0.5"];

    private static readonly string[] Tokens =
        ["null", "true", "[]", "{}", "\"\"", "\"\\ud800\"", "\"\\u0000\"", ",", ":", "\"", "[", "}", "\"obj\":\"IIIIIIIIIIIIx00\"", "\"name\":\"../../x\"", new string('[', 5000), new string('I', 300)];

    private static readonly ulong[] Extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x7fffffffffffffff, 0x8000000000000000, ulong.MaxValue];

    /// <summary>One to five changes of a sample.</summary>
    /// <param name="other">Where splices are taken from.</param>
    public static byte[] Of(Random random, byte[] sample, byte[] other, bool isText)
    {
        List<byte> bytes = [.. sample];
        for (int i = random.Next(1, 6); i > 0 && bytes.Count > 0; i--)
        {
            switch (random.Next(isText ? 10 : 8))
            {
                case 0 or 1:
                    int at = Place(random, bytes.Count);
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[Place(random, bytes.Count)] = (byte)random.Next(256);
                    break;
                case 3:
                    SetField(random, bytes);
                    break;
                case 4:
                    Cut(random, bytes);
                    break;
                case 5:
                    Splice(random, bytes, other);
                    break;
                case 6:
                    bytes.RemoveAt(Place(random, bytes.Count));
                    break;
                case 7:
                    bytes.InsertRange(Place(random, bytes.Count), Enumerable.Repeat((byte)random.Next(256), random.Next(1, 200)));
                    break;
                case 8:
                    EditNumber(random, bytes);
                    break;
                default:
                    bytes.InsertRange(Place(random, bytes.Count), Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Half of all changes go where headers are.</summary>
    private static int Place(Random random, int length) => random.Next(2) == 0 ? random.Next(Math.Min(length, 48)) : random.Next(length);

    private static void SetField(Random random, List<byte> bytes)
    {
        int width = 1 << random.Next(4);
        int at = Place(random, bytes.Count);
        Span<byte> field = stackalloc byte[sizeof(ulong)];
        ulong value = Extremes[random.Next(Extremes.Length)];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(field, value);
            field = field[^width..];
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(field, value);
            field = field[..width];
        }

        for (int i = 0; i < field.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = field[i];
        }
    }

    private static void Cut(Random random, List<byte> bytes)
    {
        int from = random.Next(bytes.Count);
        int count = random.Next(2) == 0 ? bytes.Count - from : random.Next(bytes.Count - from);
        bytes.RemoveRange(from, count);
    }

    private static void Splice(Random random, List<byte> bytes, byte[] other)
    {
        int from = random.Next(other.Length);
        bytes.InsertRange(random.Next(bytes.Count + 1), other.AsSpan(from, random.Next(other.Length - from)).ToArray());
    }

    private static void EditNumber(Random random, List<byte> bytes)
    {
        int start = Place(random, bytes.Count);
        while (start < bytes.Count && !char.IsAsciiDigit((char)bytes[start]))
        {
            start++;
        }

        int end = start;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end]))
        {
            end++;
        }

        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(Numbers[random.Next(Numbers.Length)]));
    }
}
