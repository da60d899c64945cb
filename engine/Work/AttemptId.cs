using System.Security.Cryptography;

namespace BackupFunctions.Engine.Work;

/// <summary>
/// One try of one item. A process may get a message again while it is still at it, so that its own id does not tell two tries apart.
/// 16 lowercase hex digits.
/// </summary>
public readonly record struct AttemptId(string Value)
{
    /// <summary>A new id from the system's random numbers.</summary>
    public static AttemptId Create() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));

    public override string ToString() => Value;
}
