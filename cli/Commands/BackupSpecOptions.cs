using System.CommandLine;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Commands;

/// <summary>The options that say what a backup holds; the same for a backup and for a schedule's template.</summary>
internal sealed class BackupSpecOptions
{
    private readonly Option<string[]> includeNamespaces = OptionValues.List("--include-namespaces", "Namespaces to take (globs allowed) [default: all]");
    private readonly Option<string[]> excludeNamespaces = OptionValues.List("--exclude-namespaces", "Namespaces to leave out");
    private readonly Option<string[]> includeResources = OptionValues.List("--include-resources", "Types to take, as resource.group [default: all]");
    private readonly Option<string[]> excludeResources = OptionValues.List("--exclude-resources", "Types to leave out");
    private readonly Option<bool?> includeClusterResources = OptionValues.Flag("--include-cluster-resources", "Take cluster-scoped objects: all (true), none (false), those that belong to what is taken (left open)");
    private readonly Option<string[]> includeClusterScoped = OptionValues.List("--include-cluster-scoped-resources", "Cluster-scoped types to take");
    private readonly Option<string[]> excludeClusterScoped = OptionValues.List("--exclude-cluster-scoped-resources", "Cluster-scoped types to leave out");
    private readonly Option<string[]> includeNamespaceScoped = OptionValues.List("--include-namespace-scoped-resources", "Namespaced types to take");
    private readonly Option<string[]> excludeNamespaceScoped = OptionValues.List("--exclude-namespace-scoped-resources", "Namespaced types to leave out");
    private readonly Option<string?> selector = new("--selector", "-l") { HelpName = "SELECTOR", Description = "Only objects with these labels" };
    private readonly Option<string?> orSelector = new("--or-selector") { HelpName = "\"A or B\"", Description = "Only objects that one of these selectors fits" };
    private readonly Option<TimeSpan?> ttl = OptionValues.Duration("--ttl", "How long the backup lives [default: 720h]");
    private readonly Option<string?> storageLocation = new("--storage-location") { HelpName = "NAME", Description = "Where to keep it; there is one location, 'default'" };
    private readonly Option<bool?> volumesToFsBackup = OptionValues.Flag("--default-volumes-to-fs-backup", "Take the data of all volumes that are not opted out");

    public void AddTo(Command command)
    {
        Option[] all =
        [
            includeNamespaces, excludeNamespaces, includeResources, excludeResources, includeClusterResources, includeClusterScoped, excludeClusterScoped,
            includeNamespaceScoped, excludeNamespaceScoped, selector, orSelector, ttl, storageLocation, volumesToFsBackup,
        ];
        foreach (Option option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether any of them was given.</summary>
    public Option? FirstGiven(ParseResult parsed, Command command) =>
        command.Options.FirstOrDefault(option => (option == ttl || option == selector || option.Name.StartsWith("--include", StringComparison.Ordinal) || option.Name.StartsWith("--exclude", StringComparison.Ordinal) || option == orSelector || option == volumesToFsBackup) && parsed.GetResult(option) is { Implicit: false });

    /// <exception cref="BackupException">InvalidInput.</exception>
    public BackupSpec Read(ParseResult parsed)
    {
        string location = parsed.GetValue(storageLocation) ?? VeleroNames.DefaultStorageLocation;
        if (location != VeleroNames.DefaultStorageLocation)
        {
            throw new BackupException(ErrorKind.InvalidInput, $"There is no storage location '{location}'.", "Leave out --storage-location; the store is the one location, named 'default'.");
        }

        return new BackupSpec
        {
            IncludedNamespaces = parsed.GetValue(includeNamespaces),
            ExcludedNamespaces = parsed.GetValue(excludeNamespaces),
            IncludedResources = parsed.GetValue(includeResources),
            ExcludedResources = parsed.GetValue(excludeResources),
            IncludeClusterResources = parsed.GetValue(includeClusterResources),
            IncludedClusterScopedResources = parsed.GetValue(includeClusterScoped),
            ExcludedClusterScopedResources = parsed.GetValue(excludeClusterScoped),
            IncludedNamespaceScopedResources = parsed.GetValue(includeNamespaceScoped),
            ExcludedNamespaceScopedResources = parsed.GetValue(excludeNamespaceScoped),
            LabelSelector = OptionValues.Selector(parsed.GetValue(selector)),
            OrLabelSelectors = OptionValues.OrSelectors(parsed.GetValue(orSelector)),
            Ttl = parsed.GetValue(ttl) ?? TimeSpan.Zero,
            StorageLocation = location,
            DefaultVolumesToFsBackup = parsed.GetValue(volumesToFsBackup),
        };
    }
}
