using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace BackupFunctions.Tests.Architecture;

/// <summary>Guards the direction of dependencies between the folders of engine/. Changing the table is a change of the design.</summary>
public sealed class LayerTests
{
    private const string EngineNamespace = "BackupFunctions.Engine.";
    private static readonly string[] Foundation = ["Buffers", "Errors", "Time", "Json"];

    /// <summary>Folder → folders it may use besides the foundation and its own sub-folders.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Buffers"] = [],
        ["Errors"] = [],
        ["Time"] = [],
        ["Json"] = [],
        ["Storage"] = [],
        ["Repository"] = ["Storage"],
        ["Files"] = [],
        ["Snapshots"] = ["Repository", "Files", "Storage"],
        ["Cluster"] = [],
        ["Volumes"] = ["Cluster", "Snapshots"],
        ["Catalog"] = ["Storage"],
        ["Selection"] = ["Cluster"],
        ["Hooks"] = ["Cluster"],
        ["Work"] = ["Catalog", "Storage"],
        ["Backups"] = ["Cluster", "Volumes", "Snapshots", "Catalog", "Selection", "Hooks", "Repository", "Work", "Storage"],
        ["Restores"] = ["Cluster", "Volumes", "Snapshots", "Catalog", "Selection", "Hooks", "Repository", "Work", "Storage"],
        ["Schedules"] = ["Catalog"],
        ["Retention"] = ["Catalog"],
        ["Upkeep"] = ["Catalog", "Retention", "Repository", "Snapshots", "Volumes", "Cluster", "Schedules", "Work", "Storage", "Backups"],
    };

    /// <summary>Inside Repository: sub-folder → sub-folders it may use. The parent's values and interfaces are open to all.</summary>
    private static readonly Dictionary<string, string[]> AllowedInRepository = new()
    {
        ["Hashing"] = [],
        ["Encryption"] = [],
        ["Compression"] = [],
        ["Splitting"] = [],
        ["Format"] = ["Hashing", "Encryption", "Compression", "Splitting"],
        ["Index"] = ["Format", "Hashing", "Encryption", "Compression"],
        ["Packs"] = ["Index", "Format", "Hashing", "Encryption", "Compression"],
        ["Objects"] = ["Packs", "Splitting", "Format", "Compression", "Index"],
        ["Manifests"] = ["Packs", "Format", "Compression", "Index"],
        ["Maintenance"] = ["Packs", "Index", "Format", "Objects", "Manifests", "Encryption", "Hashing", "Compression", "Splitting"],
        ["Verification"] = ["Packs", "Index", "Format", "Objects", "Manifests", "Maintenance"],
    };

    [Fact]
    public void Engine_folders_use_only_the_layers_they_may()
    {
        List<string> offences = [];
        foreach ((string path, CompilationUnitSyntax unit) in SourceTree.Files("engine"))
        {
            string[] folders = path.Split('/')[1..^1];
            if (folders.Length == 0)
            {
                offences.Add($"{path}: no type may sit in the engine's root namespace");
                continue;
            }

            if (!Allowed.TryGetValue(folders[0], out string[]? allowed))
            {
                offences.Add($"{path}: folder {folders[0]} is not in the table of layers");
                continue;
            }

            foreach ((string used, int line) in UsedNamespaces(unit))
            {
                string[] parts = used.Split('.');
                if (parts[0] != folders[0] && !allowed.Contains(parts[0]) && !Foundation.Contains(parts[0]))
                {
                    offences.Add($"{path}:{line}: {folders[0]} may not use {parts[0]}");
                }
                else if (parts[0] != folders[0] && parts.Length > 1)
                {
                    offences.Add($"{path}:{line}: {used} is private to {parts[0]}");
                }
                else if (folders is ["Repository", _, ..] && parts is ["Repository", _, ..] && parts[1] != folders[1]
                    && !AllowedInRepository[folders[1]].Contains(parts[1]))
                {
                    offences.Add($"{path}:{line}: Repository/{folders[1]} may not use Repository/{parts[1]}");
                }
            }
        }

        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    /// <summary>Namespaces of the engine in usings and in qualified names, without the common part.</summary>
    private static IEnumerable<(string Namespace, int Line)> UsedNamespaces(CompilationUnitSyntax unit)
    {
        foreach (SyntaxNode node in unit.DescendantNodes())
        {
            string? name = node switch
            {
                UsingDirectiveSyntax { NamespaceOrType: { } target } => target.ToString(),
                QualifiedNameSyntax qualified when qualified.Parent is not (QualifiedNameSyntax or UsingDirectiveSyntax or BaseNamespaceDeclarationSyntax) => qualified.Left.ToString(),
                _ => null,
            };
            if (name?.StartsWith(EngineNamespace, StringComparison.Ordinal) == true)
            {
                yield return (name[EngineNamespace.Length..], node.GetLocation().GetLineSpan().StartLinePosition.Line + 1);
            }
        }
    }
}
