namespace BackupFunctions.Tests.Peers.Kopia;

/// <summary>Whose snapshots they are.</summary>
internal sealed record KopiaIdentity(string User, string Host)
{
    public override string ToString() => $"{User}@{Host}";
}
