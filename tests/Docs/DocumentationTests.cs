using System.Text.RegularExpressions;
using BackupFunctions.Tests.Architecture;
using Xunit;

namespace BackupFunctions.Tests.Docs;

/// <summary>What the documentation says of files, settings and functions exists, and the other way round.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_that_exist()
    {
        List<string> broken = [];
        foreach (string page in DocumentTree.Files(".md"))
        {
            string text = WithoutCode(File.ReadAllText(Path.Combine(SourceTree.Root, page)));
            foreach (string link in LinkPattern().Matches(text).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal)))
            {
                string[] parts = link.Split('#', 2);
                string target = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page) ?? "", parts[0]);
                string path = Path.GetFullPath(Path.Combine(SourceTree.Root, target));
                if (!Path.Exists(path) || (parts.Length == 2 && !Anchors(path).Contains(parts[1])))
                {
                    broken.Add($"{page}: {link}");
                }
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_page_below_docs_is_in_its_index()
    {
        string index = Read("docs/README.md");
        IEnumerable<string> missing =
            from page in DocumentTree.Files(".md")
            where page.StartsWith("docs/", StringComparison.Ordinal) && page != "docs/README.md"
            where !index.Contains($"]({page["docs/".Length..]})", StringComparison.Ordinal)
            select page;
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_setting_in_the_documentation_is_read_by_the_code()
    {
        string code = string.Concat(DocumentTree.Files(".cs").Where(IsProduct).Select(Read));
        IEnumerable<string> unknown =
            from page in DocumentTree.Files(".md")
            from name in SettingPattern().Matches(Read(page)).Select(match => match.Value)
            where !code.Contains($"\"{name}\"", StringComparison.Ordinal)
            select $"{page}: {name}";
        Assert.Empty(unknown.Distinct());
    }

    [Fact]
    public void Every_setting_that_the_app_reads_is_documented()
    {
        string pages = Read("docs/settings.md");
        IEnumerable<string> missing =
            from file in DocumentTree.Files(".cs").Where(path => path.StartsWith("functions/Hosting/Settings/", StringComparison.Ordinal))
            from name in SettingPattern().Matches(Read(file)).Select(match => match.Value)
            where !pages.Contains($"`{name}`", StringComparison.Ordinal)
            select $"{file}: {name}";
        Assert.Empty(missing.Distinct());
    }

    [Fact]
    public void Every_function_is_documented()
    {
        string pages = Read("docs/settings.md") + Read("docs/api.md");
        IEnumerable<string> missing =
            from file in DocumentTree.Files(".cs").Where(path => path.StartsWith("functions/", StringComparison.Ordinal))
            from name in FunctionPattern().Matches(Read(file)).Select(match => match.Groups[1].Value)
            where !pages.Contains($"`{name}`", StringComparison.Ordinal)
            select $"{file}: {name}";
        Assert.Empty(missing);
    }

    [Fact]
    public void No_file_names_a_folder_of_the_machine_it_was_written_on()
    {
        IEnumerable<string> offences =
            from path in DocumentTree.Files(".md", ".cs", ".csproj", ".props", ".targets", ".json", ".yaml", ".yml", ".sh", ".svg", ".txt", ".sln")
            where MachinePathPattern().IsMatch(Read(path))
            select path;
        Assert.Empty(offences);
    }

    [Fact]
    public void No_file_decides_where_packages_come_from()
    {
        IEnumerable<string> offences =
            from path in DocumentTree.Files(".md", ".csproj", ".props", ".targets", ".json", ".sh", ".config", ".npmrc")
            where PackageSourcePattern().IsMatch(Read(path))
            select path;
        Assert.Empty(offences);
    }

    private static bool IsProduct(string path) => path.Split('/')[0] is "engine" or "functions" or "cli";

    private static string Read(string path) => File.ReadAllText(Path.Combine(SourceTree.Root, path));

    private static string WithoutCode(string markdown) => CodePattern().Replace(markdown, "");

    /// <summary>The headings of a page as they are linked to: lower case, dashes for blanks, no other signs.</summary>
    private static HashSet<string> Anchors(string path) =>
        [.. from line in WithoutCode(File.ReadAllText(path)).Split('\n')
            where line.StartsWith('#')
            let words = line.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-')
            select string.Concat(words.Where(c => char.IsLetterOrDigit(c) || c is '-' or '_'))];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"\b(BACKUP|REPOSITORY|AWS)_[A-Z_]*[A-Z]\b(?!_)|\bAzureWebJobsStorage\b")]
    private static partial Regex SettingPattern();

    [GeneratedRegex(@"\[Function\(""(\w+)""\)\]")]
    private static partial Regex FunctionPattern();

    // An absolute path: what stands before it is no part of another path.
    [GeneratedRegex(@"(?<![^\s""'`(=:])(file://)?/(work|root|tmp/wt)/\w")]
    private static partial Regex MachinePathPattern();

    [GeneratedRegex(@"<packageSources>|--registry|registry\s*=\s*http|RestoreSources|--source\s+http|index-url")]
    private static partial Regex PackageSourcePattern();
}
