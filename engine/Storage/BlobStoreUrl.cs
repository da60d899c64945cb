using System.Text;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage;

/// <summary>
/// Where a store is: <c>file:///path</c>, or <c>s3://bucket/prefix</c> with the optional parameters endpoint, region, ca,
/// pathStyle and conditionalPut. It never holds credentials, so its text may be shown anywhere.
/// </summary>
public abstract record BlobStoreUrl
{
    internal const string Example =
        "file:///var/backups or s3://bucket/prefix?endpoint=http://nas.lan:9000&region=us-east-1&ca=/etc/ssl/nas.pem&pathStyle=true";

    private protected BlobStoreUrl()
    {
    }

    /// <exception cref="BackupException">InvalidInput that says which part is wrong.</exception>
    public static BlobStoreUrl Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string Separator = "://";
        int separator = text.IndexOf(Separator, StringComparison.Ordinal);
        if (separator < 0)
        {
            throw Wrong("it has no scheme");
        }

        string rest = text[(separator + Separator.Length)..];
        if (rest.Contains('#'))
        {
            throw Wrong("it has a '#' (write %23 where the character itself is meant)");
        }

        int question = rest.IndexOf('?');
        string place = question < 0 ? rest : rest[..question];
        string? query = question < 0 ? null : rest[(question + 1)..];
        if (place.Split('/')[0].Contains('@'))
        {
            throw Wrong("it holds a user or a key before '@'; credentials are given apart from the URL (AWS environment variables or a credentials file)");
        }

        return text[..separator] switch
        {
            "file" => FolderStoreUrl.ParseParts(place, query),
            "s3" => S3StoreUrl.ParseParts(place, query),
            _ => throw Wrong("its scheme is neither file nor s3"),
        };
    }

    internal static BackupException Wrong(string problem) => new(
        ErrorKind.InvalidInput,
        $"The store's URL is wrong: {problem}.",
        $"Write it like {Example}.");

    private protected static string Decode(string text, string part)
    {
        for (int percent = text.IndexOf('%'); percent >= 0; percent = text.IndexOf('%', percent + 1))
        {
            if (percent + 2 >= text.Length || !char.IsAsciiHexDigit(text[percent + 1]) || !char.IsAsciiHexDigit(text[percent + 2]))
            {
                throw Wrong($"its {part} has a '%' without two hexadecimal digits after it");
            }
        }

        string decoded = Uri.UnescapeDataString(text);
        return decoded.Any(char.IsControl) ? throw Wrong($"its {part} has a control character") : decoded;
    }

    /// <summary>Escapes only what would be read as something else, so that usual names stay as they are.</summary>
    private protected static string Encode(string text)
    {
        StringBuilder escaped = new();
        foreach (char c in text)
        {
            escaped.Append(c is '%' or '?' or '#' or '&' or '+' or '@' or ' ' ? Uri.HexEscape(c) : c.ToString());
        }

        return escaped.ToString();
    }
}
