using System.Diagnostics;
using System.Globalization;

namespace BackupFunctions.Tests.Peers.Processes;

/// <summary>
/// A server process that cannot outlive the tests. It runs under a small guard, whose standard input is a pipe from
/// here: when that ends, because of <see cref="Kill"/> or because the test host is gone in whatever way, the guard kills
/// the server and all that the server started, and nothing else.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    // Job control (set -m) makes the server the leader of a process group of its own. The guard itself is started in a
    // session of its own, so that a signal to the tests' process group does not end it before its work is done.
    private const string Guard = """
        set -m
        log=$1
        shift
        exec 2>>"$log"
        "$@" </dev/null >>"$log" &
        pid=$!
        trap 'kill -KILL -- "-$pid" 2>/dev/null; wait' EXIT
        echo "$pid"
        while kill -0 "$pid" 2>/dev/null; do
          read -r -t 0.2 _ || [ $? -gt 128 ] || exit
        done
        """;

    private readonly ServerCommand _command;
    private readonly Process _guard;

    private ServerProcess(ServerCommand command, Process guard, int pid)
    {
        _command = command;
        _guard = guard;
        Pid = pid;
    }

    /// <summary>The server's own process id.</summary>
    public int Pid { get; }

    public string Name => _command.Name;

    public bool HasExited => _guard.HasExited;

    public static async Task<ServerProcess> StartAsync(ServerCommand command, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(command.LogPath),
        };
        foreach (var argument in (IEnumerable<string>)["bash", "-c", Guard, "guard", command.LogPath, command.FileName, .. command.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in command.Environment)
        {
            start.Environment[key] = value;
        }

        var guard = Process.Start(start) ?? throw new PeerException($"bash did not start for {command.Name}");
        var firstLine = await guard.StandardOutput.ReadLineAsync(cancellationToken);
        if (!int.TryParse(firstLine, CultureInfo.InvariantCulture, out var pid))
        {
            throw new PeerException($"{command.Name} did not start: {ReadLastLines(command.LogPath)}");
        }

        return new ServerProcess(command, guard, pid);
    }

    /// <summary>Kills the server with SIGKILL and returns when it is gone.</summary>
    public void Kill()
    {
        _guard.StandardInput.Close();
        _guard.WaitForExit();
    }

    public async Task WaitForExitAsync(CancellationToken cancellationToken = default)
    {
        await _guard.WaitForExitAsync(cancellationToken);
    }

    public string LastLines() => ReadLastLines(_command.LogPath);

    public void Dispose()
    {
        Kill();
        _guard.Dispose();
    }

    private static string ReadLastLines(string path) =>
        File.Exists(path) ? string.Join('\n', File.ReadLines(path).TakeLast(30)) : "(it logged nothing)";
}
