using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using BackupFunctions.Engine.Catalog.Text;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// The log of one backup or restore, or of one worker's part of it, in the lines of logrus as Velero writes them, packed as one gzip
/// member in memory: members of several workers may follow each other in one blob. Counts warnings and errors and keeps them for the
/// results. Bounded: beyond <see cref="MaxPackedBytes"/> informational lines are left out and counted. Safe for concurrent use.
/// </summary>
public sealed class BackupLog : IDisposable
{
    /// <summary>Packed size after which only warnings and errors are still taken: some 100 MB of text.</summary>
    public const int MaxPackedBytes = 8 * 1024 * 1024;

    /// <summary>Most warnings and most errors that are kept for the results; the counts go on.</summary>
    public const int MaxKeptFailures = 10_000;

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly string ownerField;
    private readonly string ownerValue;

    // Guarded by gate.
    private readonly MemoryStream packed = new();
    private readonly GZipStream gzip;
    private readonly List<ItemFailure> warnings = [];
    private readonly List<ItemFailure> errors = [];
    private long leftOut;
    private bool completed;

    private BackupLog(TimeProvider time, string ownerField, string name)
    {
        this.time = time;
        this.ownerField = ownerField;
        ownerValue = $"{VeleroNames.DefaultNamespace}/{name}";
        gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true);
    }

    public static BackupLog ForBackup(BackupName name, TimeProvider time) => new(time, "backup", name.ToString());

    public static BackupLog ForRestore(RestoreName name, TimeProvider time) => new(time, "restore", name.ToString());

    /// <summary>Warning lines so far.</summary>
    public int WarningCount { get; private set; }

    /// <summary>Error lines so far.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>The warnings so far, the first <see cref="MaxKeptFailures"/> of them.</summary>
    public IReadOnlyList<ItemFailure> Warnings
    {
        get
        {
            lock (gate)
            {
                return [.. warnings];
            }
        }
    }

    /// <summary>The errors so far, the first <see cref="MaxKeptFailures"/> of them.</summary>
    public IReadOnlyList<ItemFailure> Errors
    {
        get
        {
            lock (gate)
            {
                return [.. errors];
            }
        }
    }

    /// <summary>One informational line.</summary>
    public void Info(string message, params ReadOnlySpan<(string Key, string Value)> fields)
    {
        string line = Line("info", message, fields);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(completed, this);
            if (packed.Length >= MaxPackedBytes)
            {
                leftOut++;
                return;
            }

            Write(line);
        }
    }

    /// <summary>One warning line; also kept for the results.</summary>
    public void Warning(ItemFailure warning)
    {
        ArgumentNullException.ThrowIfNull(warning);
        string line = Line("warning", warning);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(completed, this);
            WarningCount++;
            Keep(warnings, warning, line);
        }
    }

    /// <summary>One error line; also kept for the results.</summary>
    public void Error(ItemFailure error)
    {
        ArgumentNullException.ThrowIfNull(error);
        string line = Line("error", error);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(completed, this);
            ErrorCount++;
            Keep(errors, error, line);
        }
    }

    /// <summary>Ends the gzip member and returns it; nothing may be written after it. A second call returns the same.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        lock (gate)
        {
            if (!completed)
            {
                if (leftOut > 0)
                {
                    Write(Line("info", string.Create(CultureInfo.InvariantCulture, $"The log is full: {leftOut} lines were left out"), []));
                }

                gzip.Dispose();
                completed = true;
            }

            return packed.GetBuffer().AsMemory(0, (int)packed.Length);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            completed = true;
            gzip.Dispose();
        }
    }

    private void Keep(List<ItemFailure> list, ItemFailure failure, string line)
    {
        if (list.Count < MaxKeptFailures)
        {
            list.Add(failure);
            Write(line);
        }
        else
        {
            leftOut++;
        }
    }

    private void Write(string line) => gzip.Write(Encoding.UTF8.GetBytes(line));

    private string Line(string level, ItemFailure failure)
    {
        List<(string, string)> fields = [];
        if (failure.Name is { } name)
        {
            fields.Add(("name", name));
        }

        if (failure.Namespace is { } ns)
        {
            fields.Add(("namespace", ns));
        }

        if (failure.Resource is { } resource)
        {
            fields.Add(("resource", resource));
        }

        return Line(level, failure.Message, CollectionsMarshal.AsSpan(fields));
    }

    // logrus puts time, level and msg first and the other fields in the order of their keys.
    private string Line(string level, string message, ReadOnlySpan<(string Key, string Value)> fields)
    {
        (string Key, string Value)[] sorted = [(ownerField, ownerValue), .. fields];
        Array.Sort(sorted, (left, right) => string.CompareOrdinal(left.Key, right.Key));
        StringBuilder line = new();
        line.Append("time=\"").Append(time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        line.Append("\" level=").Append(level).Append(" msg=");
        LogText.Append(line, message);
        foreach ((string key, string value) in sorted)
        {
            line.Append(' ').Append(key).Append('=');
            LogText.Append(line, value);
        }

        return line.Append('\n').ToString();
    }
}
