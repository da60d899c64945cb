using System.Text;

namespace BackupFunctions.Engine.Catalog.Text;

/// <summary>
/// Lines of labels and values. The values of rows that follow each other directly begin in the same column, two spaces after the
/// longest label, as Go's tabwriter lays them out for Velero. Control characters, which could steer a terminal, become U+FFFD.
/// </summary>
internal sealed class ColumnText(int baseIndent = 0)
{
    private const int IndentWidth = 2;
    private const int Gap = 2;

    private readonly StringBuilder text = new();
    private readonly List<(string Label, string Value)> block = [];

    /// <summary>A label and a value in the value column.</summary>
    public void Row(int indent, string label, string value) => block.Add((Indent(indent) + Clean(label), Clean(value)));

    /// <summary>A label and values below each other; <c>&lt;none&gt;</c> when there are none.</summary>
    public void Rows(int indent, string label, IEnumerable<string> values)
    {
        bool first = true;
        foreach (string value in values)
        {
            Row(first ? indent : 0, first ? label : "", value);
            first = false;
        }

        if (first)
        {
            Row(indent, label, Words.None);
        }
    }

    /// <summary>A line that takes no part in columns.</summary>
    public void Line(int indent, string line)
    {
        EndBlock();
        text.Append(Indent(indent)).Append(Clean(line)).Append('\n');
    }

    public void Blank()
    {
        EndBlock();
        text.Append('\n');
    }

    public void WriteTo(TextWriter output)
    {
        EndBlock();
        output.Write(text);
    }

    private void EndBlock()
    {
        int width = block.Count == 0 ? 0 : block.Max(row => row.Label.Length) + Gap;
        foreach ((string label, string value) in block)
        {
            text.Append(label.PadRight(width)).Append(value).Append('\n');
        }

        block.Clear();
    }

    private string Indent(int indent) => new(' ', (baseIndent + indent) * IndentWidth);

    private static string Clean(string value)
    {
        if (!value.Any(char.IsControl))
        {
            return value;
        }

        return string.Concat(value.Select(c => c is '\n' or '\r' or '\t' ? ' ' : char.IsControl(c) ? '\uFFFD' : c));
    }
}
