using System.Text;

namespace BackupFunctions.Cli.Output;

/// <summary>Rows under upper-case headings, columns three blanks apart, as kubectl and Velero print them: good to read and to cut.</summary>
internal sealed class TextTable(params string[] headings)
{
    private const string Gap = "   ";

    private readonly List<string[]> rows = [];

    public void Add(params string[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, headings.Length);
        rows.Add([.. cells.Select(HumanText.OneLine)]);
    }

    public override string ToString()
    {
        int[] widths = [.. headings.Select((heading, column) => rows.Select(row => row[column].Length).Append(heading.Length).Max())];
        StringBuilder text = new();
        foreach (string[] row in rows.Prepend(headings))
        {
            string line = string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column])));
            text.Append(line.TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
