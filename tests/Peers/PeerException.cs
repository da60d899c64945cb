namespace BackupFunctions.Tests.Peers;

/// <summary>A server of the tests is missing, did not start or went away; the message ends with what it logged.</summary>
internal sealed class PeerException(string message) : Exception(message);
