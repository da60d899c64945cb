using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace BackupFunctions.Tests.Peers.Processes;

/// <summary>Picks ports for servers that must be told theirs.</summary>
internal static class LoopbackPorts
{
    // Below the range from which the kernel takes ports for outgoing connections, so that none of those can come in
    // between the pick and the server's start; and a port stays free while a server is down for a restart.
    private const int First = 15_000;
    private const int End = 32_000;

    public static int Pick()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new PeerException($"no free port found between {First} and {End}");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
