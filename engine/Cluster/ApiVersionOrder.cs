using System.Globalization;
using System.Text.RegularExpressions;

namespace BackupFunctions.Engine.Cluster;

/// <summary>
/// Kubernetes' order of version names, lowest first: unusual names (in reverse alphabetical order), then alpha, beta and stable
/// versions, each by their numbers: <c>foo &lt; v1alpha1 &lt; v1beta1 &lt; v2beta1 &lt; v1 &lt; v2</c>.
/// </summary>
internal sealed partial class ApiVersionOrder : IComparer<string>
{
    public static readonly ApiVersionOrder Instance = new();

    private ApiVersionOrder()
    {
    }

    public int Compare(string? x, string? y)
    {
        (int level, int major, int minor) left = Rank(x ?? "");
        (int level, int major, int minor) right = Rank(y ?? "");
        return left.level == 0 && right.level == 0 ? string.CompareOrdinal(y, x) : left.CompareTo(right);
    }

    private static (int Level, int Major, int Minor) Rank(string name)
    {
        Match match = VersionPattern().Match(name);
        if (!match.Success)
        {
            return default;
        }

        int level = match.Groups["stage"].Value switch { "" => 3, "beta" => 2, _ => 1 };
        return (level, Number(match.Groups["major"].Value), Number(match.Groups["minor"].Value));
    }

    private static int Number(string digits) => digits.Length == 0 ? 0 : int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^v(?<major>[0-9]{1,8})((?<stage>alpha|beta)(?<minor>[0-9]{1,8}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex VersionPattern();
}
