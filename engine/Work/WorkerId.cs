using System.Security.Cryptography;

namespace BackupFunctions.Engine.Work;

/// <summary>One running process (not a machine: a restarted worker is another one). 16 lowercase hex digits.</summary>
public readonly record struct WorkerId(string Value)
{
    /// <summary>A new id from the system's random numbers.</summary>
    public static WorkerId Create() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));

    public override string ToString() => Value;
}
