using System.Diagnostics;

namespace BackupFunctions.Tests.EndToEnd;

/// <summary>Files of every sort, made from a seed.</summary>
internal static class VolumeData
{
    public static void Fill(string root, int megabytes, Random random)
    {
        byte[] buffer = new byte[1 << 20];
        Directory.CreateDirectory(Path.Combine(root, "library", "empty"));
        using (FileStream big = File.Create(Path.Combine(root, "library", "film.mkv")))
        {
            for (int i = 0; i < megabytes; i++)
            {
                random.NextBytes(buffer);
                big.Write(buffer);
            }
        }

        for (int i = 0; i < 200; i++)
        {
            string small = Path.Combine(root, "library", $"Ünïcode {i} <&>.nfo");
            File.WriteAllText(small, $"file {i} {random.Next()}");
            File.SetLastWriteTimeUtc(small, new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks((i * 1_234_567L) + 1));
        }

        File.WriteAllBytes(Path.Combine(root, "nothing"), []);
        File.WriteAllText(Path.Combine(root, "tool"), "#!/bin/sh\n");
        File.CreateSymbolicLink(Path.Combine(root, "latest"), "library/film.mkv");
        File.CreateSymbolicLink(Path.Combine(root, "dangling"), "/no/such/place");
        Run("chmod", "4755", Path.Combine(root, "tool"));
        Run("chown", "1000:2000", Path.Combine(root, "library"));
        Run("chmod", "1770", Path.Combine(root, "library"));
        Run("chown", "-h", "33:33", Path.Combine(root, "latest"));
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
