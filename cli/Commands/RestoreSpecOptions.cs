using System.CommandLine;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Commands;

/// <summary>The options that say what of a backup comes back, and how.</summary>
internal sealed class RestoreSpecOptions
{
    private readonly Option<string[]> includeNamespaces = OptionValues.List("--include-namespaces", "Namespaces to restore, by their names in the backup [default: all]");
    private readonly Option<string[]> excludeNamespaces = OptionValues.List("--exclude-namespaces", "Namespaces to leave out");
    private readonly Option<string[]> includeResources = OptionValues.List("--include-resources", "Types to restore, as resource.group [default: all]");
    private readonly Option<string[]> excludeResources = OptionValues.List("--exclude-resources", "Types to leave out");
    private readonly Option<bool?> includeClusterResources = OptionValues.Flag("--include-cluster-resources", "Restore cluster-scoped objects: all (true), none (false), those that are needed (left open)");
    private readonly Option<Dictionary<string, string>> namespaceMappings = OptionValues.Pairs("--namespace-mappings", ':', "Namespaces that get another name, old:new");
    private readonly Option<string?> selector = new("--selector", "-l") { HelpName = "SELECTOR", Description = "Only objects with these labels" };
    private readonly Option<string?> orSelector = new("--or-selector") { HelpName = "\"A or B\"", Description = "Only objects that one of these selectors fits" };
    private readonly Option<string?> existing = new("--existing-resource-policy") { HelpName = "none|update", Description = "What becomes of objects that exist: left alone, or patched [default: none]" };
    private readonly Option<bool?> nodePorts = OptionValues.Flag("--preserve-nodeports", "Keep the node ports of services");
    private readonly Option<bool?> volumes = OptionValues.Flag("--restore-volumes", "Restore volumes");

    public void AddTo(Command command)
    {
        existing.AcceptOnlyFromAmong("none", "update");
        Option[] all =
        [
            includeNamespaces, excludeNamespaces, includeResources, excludeResources, includeClusterResources, namespaceMappings,
            selector, orSelector, existing, nodePorts, volumes,
        ];
        foreach (Option option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="Engine.Errors.BackupException">InvalidInput.</exception>
    public RestoreSpec Read(ParseResult parsed) => new()
    {
        IncludedNamespaces = parsed.GetValue(includeNamespaces),
        ExcludedNamespaces = parsed.GetValue(excludeNamespaces),
        IncludedResources = parsed.GetValue(includeResources),
        ExcludedResources = parsed.GetValue(excludeResources),
        IncludeClusterResources = parsed.GetValue(includeClusterResources),
        NamespaceMapping = parsed.GetValue(namespaceMappings),
        LabelSelector = OptionValues.Selector(parsed.GetValue(selector)),
        OrLabelSelectors = OptionValues.OrSelectors(parsed.GetValue(orSelector)),
        ExistingResourcePolicy = parsed.GetValue(existing),
        PreserveNodePorts = parsed.GetValue(nodePorts),
        RestorePvs = parsed.GetValue(volumes),
    };
}
