using System.Text;

namespace BackupFunctions.Cli.Output;

/// <summary>Lines of the form <c>Name:  value</c>, the values below each other.</summary>
internal sealed class FactList
{
    private readonly List<(string Name, string Value)> facts = [];

    public FactList Add(string name, string value)
    {
        facts.Add((name + ":", HumanText.OneLine(value)));
        return this;
    }

    public override string ToString()
    {
        int width = facts.Count == 0 ? 0 : facts.Max(fact => fact.Name.Length);
        StringBuilder text = new();
        foreach ((string name, string value) in facts)
        {
            text.Append(name.PadRight(width)).Append("  ").Append(value).Append('\n');
        }

        return text.ToString();
    }
}
