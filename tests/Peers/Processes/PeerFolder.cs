using System.Diagnostics;

namespace BackupFunctions.Tests.Peers.Processes;

/// <summary>
/// A server's folder below the temporary one. It is removed when it is disposed of or, since test hosts are often killed
/// as soon as they have reported, shortly after the end of this process, however that comes about.
/// </summary>
internal sealed class PeerFolder : IDisposable
{
    // The guards of the servers that write here see the same end at the same time, so a first try may come too early.
    private const string Remover = """
        exec >/dev/null 2>&1
        read -r _
        for attempt in 1 2 3 4 5 6 7 8 9 10; do
          rm -rf -- "$1" && exit
          sleep 0.5
        done
        """;

    private readonly Process _remover;

    public PeerFolder(string name)
    {
        FullName = Directory.CreateTempSubdirectory($"bf-{name}-").FullName;
        var start = new ProcessStartInfo("setsid", ["bash", "-c", Remover, "remover", FullName])
        {
            RedirectStandardInput = true,
        };
        _remover = Process.Start(start) ?? throw new PeerException("bash did not start");
    }

    public string FullName { get; }

    public string PathOf(string name) => Path.Combine(FullName, name);

    public void Dispose()
    {
        _remover.StandardInput.Close();
        _remover.WaitForExit();
        _remover.Dispose();
    }
}
