using System.Buffers;
using System.Text;

namespace BackupFunctions.Engine.Storage;

/// <summary>A store in a bucket of an S3 server.</summary>
public sealed record S3StoreUrl : BlobStoreUrl
{
    private const string DefaultRegion = "us-east-1";
    private const int MinBucketLength = 3;
    private const int MaxBucketLength = 255;

    private static readonly SearchValues<char> BucketCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    public required string Bucket { get; init; }

    /// <summary>What all blob names are put behind: "" or names joined by '/', without one at either end.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The server; null is AWS itself.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The region that requests are signed for. Servers other than AWS mostly accept any.</summary>
    public string Region { get; init; } = DefaultRegion;

    /// <summary>File with the certificates (PEM) that alone may vouch for the server; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether the bucket goes into the path and not into the host name. Default: true where an endpoint is given.</summary>
    public bool PathStyle { get; init; }

    /// <summary>Whether the server decides conditional writes; null to try it out before the first one.</summary>
    public bool? ConditionalPut { get; init; }

    public override string ToString()
    {
        StringBuilder text = new("s3://" + Bucket);
        text.Append(Prefix.Length > 0 ? "/" + Encode(Prefix) : "");
        char separator = '?';
        Add("endpoint", Endpoint?.GetLeftPart(UriPartial.Authority));
        Add("region", Region == DefaultRegion ? null : Region);
        Add("ca", CaFile);
        Add("pathStyle", PathStyle == (Endpoint is not null) ? null : PathStyle ? "true" : "false");
        Add("conditionalPut", ConditionalPut switch { null => null, true => "true", false => "false" });
        return text.ToString();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                text.Append(separator).Append(name).Append('=').Append(Encode(value));
                separator = '&';
            }
        }
    }

    internal static S3StoreUrl ParseParts(string place, string? query)
    {
        int slash = place.IndexOf('/');
        string bucket = slash < 0 ? place : place[..slash];
        if (bucket.Length is < MinBucketLength or > MaxBucketLength || bucket.AsSpan().ContainsAnyExcept(BucketCharacters))
        {
            throw Wrong(bucket.Length == 0
                ? "it names no bucket"
                : "its bucket must be 3 to 255 letters, digits, '.', '-' or '_' (a server's address belongs into the endpoint parameter)");
        }

        string prefix = slash < 0 ? "" : Decode(place[slash..], "prefix").Trim('/');
        if (prefix.Length > 0 && !BlobName.TryParse(prefix, out _))
        {
            throw Wrong("its prefix must be names joined by single slashes, none of them '.' or '..'");
        }

        Dictionary<string, string> parameters = ParseQuery(query);
        Uri? endpoint = parameters.TryGetValue("endpoint", out string? address) ? ParseEndpoint(address) : null;
        string? ca = parameters.GetValueOrDefault("ca");
        if (ca is not null && !Path.IsPathFullyQualified(ca))
        {
            throw Wrong("its parameter ca must be the absolute path of a PEM file");
        }

        string region = parameters.GetValueOrDefault("region", DefaultRegion);
        if (region.Length == 0 || !region.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw Wrong("its parameter region must be letters, digits and '-'");
        }

        return new S3StoreUrl
        {
            Bucket = bucket,
            Prefix = prefix,
            Endpoint = endpoint,
            Region = region,
            CaFile = ca,
            PathStyle = ParseFlag(parameters, "pathStyle") ?? endpoint is not null,
            ConditionalPut = ParseFlag(parameters, "conditionalPut"),
        };
    }

    private static Dictionary<string, string> ParseQuery(string? query)
    {
        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        foreach (string part in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = part.Split('=', 2);
            if (sides[0] is not ("endpoint" or "region" or "ca" or "pathStyle" or "conditionalPut"))
            {
                // The name is not repeated: it may be a key that somebody put there.
                throw Wrong("it has an unknown parameter; known are endpoint, region, ca, pathStyle and conditionalPut");
            }

            if (sides.Length < 2 || sides[1].Length == 0)
            {
                throw Wrong($"its parameter {sides[0]} has no value");
            }

            if (!parameters.TryAdd(sides[0], Decode(sides[1], $"parameter {sides[0]}")))
            {
                throw Wrong($"its parameter {sides[0]} is given twice");
            }
        }

        return parameters;
    }

    private static Uri ParseEndpoint(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.Host.Length == 0)
        {
            throw Wrong("its parameter endpoint must be http://host:port or https://host:port");
        }

        if (endpoint.UserInfo.Length > 0)
        {
            throw Wrong("its parameter endpoint holds a user or a key before '@'; credentials are given apart from the URL");
        }

        return endpoint.PathAndQuery == "/" && endpoint.Fragment.Length == 0
            ? endpoint
            : throw Wrong("its parameter endpoint must not have a path; the bucket and the prefix stand before the '?'");
    }

    private static bool? ParseFlag(Dictionary<string, string> parameters, string name) => parameters.GetValueOrDefault(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw Wrong($"its parameter {name} must be true or false"),
    };
}
