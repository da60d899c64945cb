using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage;

/// <summary>The AWS credentials file: an ini file with one section per profile. Velero's Secrets hold the same.</summary>
public static class CredentialsFile
{
    public const string DefaultProfile = "default";

    /// <summary>Reads the credentials of one profile. Settings other than the three of credentials are passed over.</summary>
    /// <exception cref="BackupException">InvalidInput that names the profile or the line, never a value.</exception>
    public static S3Credentials Parse(string text, string profile)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(profile);
        Dictionary<string, Dictionary<string, string>> profiles = ReadProfiles(text);
        if (!profiles.TryGetValue(profile, out Dictionary<string, string>? settings))
        {
            string known = profiles.Count == 0 ? "none" : string.Join(", ", profiles.Keys.Order(StringComparer.Ordinal));
            throw Wrong($"there is no profile '{profile}' (there is: {known})");
        }

        return new S3Credentials(
            Required(settings, "aws_access_key_id", profile),
            Required(settings, "aws_secret_access_key", profile),
            settings.GetValueOrDefault("aws_session_token"));
    }

    private static Dictionary<string, Dictionary<string, string>> ReadProfiles(string text)
    {
        const string LongForm = "profile ";
        Dictionary<string, Dictionary<string, string>> profiles = new(StringComparer.Ordinal);
        Dictionary<string, string>? current = null;
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().TrimStart('\uFEFF').EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[')
            {
                if (line[^1] != ']')
                {
                    throw Wrong($"line {number} starts a profile without a closing ']'");
                }

                string name = line[1..^1].Trim().ToString();
                name = name.StartsWith(LongForm, StringComparison.Ordinal) ? name[LongForm.Length..].Trim() : name;
                if (!profiles.TryGetValue(name, out current))
                {
                    current = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                    profiles.Add(name, current);
                }

                continue;
            }

            int equals = line.IndexOf('=');
            if (equals <= 0 || current is null)
            {
                throw Wrong(current is null ? $"line {number} stands before the first [profile]" : $"line {number} is not 'name = value'");
            }

            current[line[..equals].Trim().ToString()] = line[(equals + 1)..].Trim().ToString();
        }

        return profiles;
    }

    private static string Required(Dictionary<string, string> settings, string name, string profile) =>
        settings.GetValueOrDefault(name) is { Length: > 0 } value ? value : throw Wrong($"profile '{profile}' has no {name}");

    private static BackupException Wrong(string problem) => new(
        ErrorKind.InvalidInput,
        $"The AWS credentials file cannot be used: {problem}.",
        "It needs the lines [default], aws_access_key_id = … and aws_secret_access_key = ….");
}
