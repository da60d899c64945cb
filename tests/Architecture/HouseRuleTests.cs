using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace BackupFunctions.Tests.Architecture;

/// <summary>Rules of the house that a compiler does not know.</summary>
public sealed class HouseRuleTests
{
    private const int MaxLines = 600;
    private static readonly string[] Products = ["engine", "functions", "cli"];
    private static readonly string[] EmptyNames = ["Utils", "Util", "Helpers", "Helper", "Common", "Extensions", "Misc", "Base", "Shared"];

    [Fact]
    public void A_file_holds_the_type_that_it_is_named_after()
    {
        IEnumerable<string> offences =
            from folder in Products
            from file in SourceTree.Files(folder)
            let types = TopLevelTypes(file.Unit).ToList()
            where types.Count > 0 && !types.Any(name => Path.GetFileName(file.Path).Split('.')[0] == name)
            select $"{file.Path}: holds {string.Join(", ", types)}";
        Assert.Empty(offences);
    }

    [Fact]
    public void No_file_is_longer_than_600_lines()
    {
        IEnumerable<string> offences =
            from folder in Products
            from file in SourceTree.Files(folder)
            let lines = file.Unit.GetLocation().GetLineSpan().EndLinePosition.Line + 1
            where lines > MaxLines
            select $"{file.Path}: {lines} lines";
        Assert.Empty(offences);
    }

    [Fact]
    public void No_folder_has_a_name_that_says_nothing()
    {
        IEnumerable<string> offences =
            from folder in Products
            from file in SourceTree.Files(folder)
            where file.Path.Split('/').Any(part => EmptyNames.Contains(part))
            select file.Path;
        Assert.Empty(offences);
    }

    [Fact]
    public void The_engine_has_no_mutable_static_state()
    {
        IEnumerable<string> offences =
            from file in SourceTree.Files("engine")
            from field in file.Unit.DescendantNodes().OfType<FieldDeclarationSyntax>()
            where field.Modifiers.Any(SyntaxKind.StaticKeyword) && !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword) && !field.Modifiers.Any(SyntaxKind.ConstKeyword)
            select $"{file.Path}: {field.Declaration}";
        Assert.Empty(offences);
    }

    [Fact]
    public void Every_layer_of_the_engine_says_what_it_is()
    {
        IEnumerable<string> offences =
            from folder in Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "engine"))
            let name = Path.GetFileName(folder)
            where name is not ("bin" or "obj") && Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any() && !File.Exists(Path.Combine(folder, "README.md"))
            select $"engine/{name} has no README.md";
        Assert.Empty(offences);
    }

    private static IEnumerable<string> TopLevelTypes(CompilationUnitSyntax unit) =>
        from member in unit.Members.SelectMany(member => member is BaseNamespaceDeclarationSyntax ns ? ns.Members : [member])
        let name = member switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier.Text,
            DelegateDeclarationSyntax type => type.Identifier.Text,
            _ => null,
        }
        where name is not null
        select name;
}
