using Amazon.Runtime;
using Amazon.S3;
using BackupFunctions.Tests.Peers.Processes;

namespace BackupFunctions.Tests.Peers;

/// <summary>S3 by a real server: Ceph's RADOS gateway over one monitor and one object store that lives in memory.</summary>
internal sealed class S3Gateway : IDisposable
{
    public const string AccessKey = "TESTACCESSKEY0000001";
    public const string SecretKey = "test-secret-key-of-no-one-00000000000001";
    public const string Region = "us-east-1";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    // What ceph says when a young monitor does not know it yet; nothing of the command has been done then.
    private const string RefusedUnheard = "problem getting command descriptions";

    private readonly PeerFolder _folder = new("ceph");
    private readonly int _monitorPort = LoopbackPorts.Pick();
    private readonly int _port = LoopbackPorts.Pick();
    private readonly List<ServerProcess> _processes = [];
    private int _buckets;

    private S3Gateway()
    {
    }

    public Uri Endpoint => new($"http://127.0.0.1:{_port}");

    public static async Task<S3Gateway> StartAsync(CancellationToken cancellationToken = default)
    {
        var gateway = new S3Gateway();
        try
        {
            await gateway.StartAllAsync(cancellationToken);
            return gateway;
        }
        catch
        {
            gateway.Dispose();
            throw;
        }
    }

    public AmazonS3Client CreateClient() => new(
        new BasicAWSCredentials(AccessKey, SecretKey),
        new AmazonS3Config
        {
            ServiceURL = Endpoint.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = Region,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    /// <summary>Makes an empty bucket that no other test uses, and returns its name.</summary>
    public async Task<string> NewBucketAsync(CancellationToken cancellationToken = default)
    {
        var name = $"test-{Interlocked.Increment(ref _buckets)}";
        using var client = CreateClient();
        await client.PutBucketAsync(name, cancellationToken);
        return name;
    }

    public void Dispose()
    {
        // The gateway first: without its store it would hold on to requests.
        for (var i = _processes.Count - 1; i >= 0; i--)
        {
            _processes[i].Dispose();
        }

        _processes.Clear();
        _folder.Dispose();
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        var cluster = Guid.NewGuid();
        foreach (var name in (string[])["mon", "osd", "run"])
        {
            Directory.CreateDirectory(_folder.PathOf(name));
        }

        await File.WriteAllTextAsync(_folder.PathOf("ceph.conf"), Configuration(cluster), cancellationToken);

        var monitors = _folder.PathOf("monmap");
        await RunAsync("monmaptool", ["--create", "--addv", "a", $"[v1:127.0.0.1:{_monitorPort}]", "--fsid", $"{cluster}", monitors], cancellationToken);
        await RunAsync("ceph-mon", ["--mkfs", "-i", "a", "--monmap", monitors], cancellationToken);
        await StartServerAsync("ceph-mon", ["-f", "-i", "a"], cancellationToken);
        await Readiness.WaitAsync("ceph-mon", Readiness.PortAnswers(_monitorPort), Limit, _processes, cancellationToken);

        await RunAsync("ceph", ["osd", "create"], cancellationToken);
        await RunAsync("ceph-osd", ["--mkfs", "-i", "0"], cancellationToken);
        await RunAsync("ceph", ["osd", "crush", "add", "osd.0", "1", "root=default", "host=localhost"], cancellationToken);
        await StartServerAsync("ceph-osd", ["-f", "-i", "0"], cancellationToken);
        await RunAsync(
            "radosgw-admin",
            ["user", "create", "--uid", "tests", "--display-name", "tests", "--access-key", AccessKey, "--secret", SecretKey, "--max-buckets", "0"],
            cancellationToken);

        await StartServerAsync("radosgw", ["-f", "-n", "client.rgw"], cancellationToken);
        await Readiness.WaitAsync("radosgw", GatewayAnswersAsync, Limit, _processes, cancellationToken);
    }

    private async Task<bool> GatewayAnswersAsync(CancellationToken cancellationToken)
    {
        using var client = CreateClient();
        await client.ListBucketsAsync(cancellationToken);
        return true;
    }

    private async Task StartServerAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var command = new ServerCommand(program, Programs.Require(program), arguments, _folder.PathOf($"{program}.out"))
        {
            Environment = CephEnvironment,
        };
        _processes.Add(await ServerProcess.StartAsync(command, cancellationToken));
    }

    private async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            // Without its store a tool of Ceph waits for ever, also when the tests are long gone.
            string[] limited = ["--signal=KILL", $"{2 * Limit.TotalSeconds:0}", Programs.Require(program), .. arguments];
            var run = await ToolRun.RunAsync("timeout", limited, CephEnvironment, limit.Token);
            while (run.ExitCode != 0 && run.Output.Contains(RefusedUnheard, StringComparison.Ordinal))
            {
                await Task.Delay(Pause, limit.Token);
                run = await ToolRun.RunAsync("timeout", limited, CephEnvironment, limit.Token);
            }

            run.ThrowIfFailed($"{program} {arguments[0]}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var logs = _processes.Select(process => $"--- {process.Name}\n{process.LastLines()}");
            throw new PeerException($"{program} {arguments[0]} takes longer than {Limit.TotalSeconds:0} s\n{string.Join('\n', logs)}");
        }
    }

    private Dictionary<string, string> CephEnvironment => new()
    {
        ["CEPH_CONF"] = _folder.PathOf("ceph.conf"),

        // Asked for configuration first, a monitor's answer makes a program forget the cluster's id until it has the map,
        // and commands that it sends before that are refused.
        ["CEPH_ARGS"] = "--no-mon-config",
    };

    private string Configuration(Guid cluster) => $"""
        [global]
        fsid = {cluster}
        mon host = [v1:127.0.0.1:{_monitorPort}]
        public addr = 127.0.0.1
        cluster addr = 127.0.0.1
        ms bind msgr2 = false
        auth cluster required = none
        auth service required = none
        auth client required = none
        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 8
        osd crush chooseleaf type = 0
        mon allow pool size one = true
        mon max pg per osd = 1000
        osd objectstore = memstore
        memstore device bytes = 17179869184
        run dir = {_folder.PathOf("run")}
        admin socket = {_folder.PathOf("run")}/$name.asok
        pid file = {_folder.PathOf("run")}/$name.pid
        log file = {_folder.PathOf("$name.log")}
        mon data = {_folder.PathOf("mon")}
        osd data = {_folder.PathOf("osd")}

        [client.rgw]
        rgw frontends = beast endpoint=127.0.0.1:{_port}

        """;
}
