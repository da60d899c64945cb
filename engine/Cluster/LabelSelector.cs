using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster;

/// <summary>A label selector: all its requirements must hold. Without requirements it selects everything.</summary>
public sealed partial record LabelSelector(IReadOnlyList<LabelRequirement> Requirements)
{
    /// <summary>Whether the object's labels meet every requirement.</summary>
    public bool Matches(KubeObject value) => Requirements.All(requirement => requirement.Matches(value.Label(requirement.Key)));

    /// <summary>The selector in the API's query form, as <c>app=web,tier in (a,b)</c>; "" selects everything.</summary>
    public override string ToString() => string.Join(',', Requirements);

    /// <summary>Reads the query form: <c>a=b</c>, <c>a==b</c>, <c>a!=b</c>, <c>a in (b,c)</c>, <c>a notin (b,c)</c>, <c>a</c>, <c>!a</c>, joined by commas.</summary>
    /// <exception cref="BackupException">InvalidInput: not a selector.</exception>
    public static LabelSelector Parse(string text)
    {
        List<LabelRequirement> requirements = [];
        int position = 0;
        while (text.AsSpan(position).Trim().Length > 0)
        {
            Match match = TermPattern().Match(text, position);
            if (!match.Success)
            {
                throw Invalid($"'{text}' is not a label selector (from character {position + 1} on)");
            }

            requirements.Add(FromTerm(match));
            position = match.Index + match.Length;
            if (match.Groups["comma"].Success && text.AsSpan(position).Trim().Length == 0)
            {
                throw Invalid($"'{text}' is not a label selector (it ends with a comma)");
            }
        }

        return new LabelSelector(requirements);
    }

    /// <summary>Reads the object form with matchLabels and matchExpressions. Null or empty selects everything.</summary>
    /// <exception cref="BackupException">InvalidInput: not a selector.</exception>
    public static LabelSelector FromJson(JsonObject? selector)
    {
        List<LabelRequirement> requirements = [];
        if (selector?["matchLabels"] is JsonObject labels)
        {
            requirements.AddRange(labels.Select(label => Checked(label.Key, LabelOperator.In, [TextOf(label.Value)])));
        }

        if (selector?["matchExpressions"] is JsonArray expressions)
        {
            requirements.AddRange(expressions.Select(FromExpression));
        }

        return new LabelSelector(requirements);
    }

    /// <summary>The object form: equalities under matchLabels, the rest under matchExpressions.</summary>
    public JsonObject ToJson()
    {
        JsonObject labels = [];
        JsonArray expressions = [];
        foreach (LabelRequirement requirement in Requirements)
        {
            if (requirement is not { Operator: LabelOperator.In, Values: [var only] } || !labels.TryAdd(requirement.Key, only))
            {
                JsonObject expression = new() { ["key"] = requirement.Key, ["operator"] = requirement.Operator.ToString() };
                if (requirement.Values.Count > 0)
                {
                    expression["values"] = new JsonArray([.. requirement.Values.Select(value => (JsonNode?)value)]);
                }

                expressions.Add((JsonNode)expression);
            }
        }

        JsonObject selector = [];
        if (labels.Count > 0)
        {
            selector["matchLabels"] = labels;
        }

        if (expressions.Count > 0)
        {
            selector["matchExpressions"] = expressions;
        }

        return selector;
    }

    private static LabelRequirement FromTerm(Match match)
    {
        string key = match.Groups["key"].Value;
        if (match.Groups["set"].Success)
        {
            string[] values = match.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);
            return Checked(key, match.Groups["set"].Value == "in" ? LabelOperator.In : LabelOperator.NotIn, values);
        }

        if (match.Groups["equal"].Success)
        {
            return Checked(key, match.Groups["equal"].Value == "!=" ? LabelOperator.NotIn : LabelOperator.In, [match.Groups["value"].Value]);
        }

        return Checked(key, match.Groups["not"].Success ? LabelOperator.DoesNotExist : LabelOperator.Exists, []);
    }

    private static LabelRequirement FromExpression(JsonNode? node)
    {
        JsonObject expression = node as JsonObject ?? throw Invalid("a label expression is not an object");
        string operatorText = TextOf(expression["operator"]);
        LabelOperator found = operatorText switch
        {
            "In" => LabelOperator.In,
            "NotIn" => LabelOperator.NotIn,
            "Exists" => LabelOperator.Exists,
            "DoesNotExist" => LabelOperator.DoesNotExist,
            _ => throw Invalid($"'{operatorText}' is not an operator of label expressions (In, NotIn, Exists, DoesNotExist)"),
        };
        string[] values = expression["values"] is JsonArray array ? [.. array.Select(TextOf)] : [];
        return Checked(TextOf(expression["key"]), found, values);
    }

    private static LabelRequirement Checked(string key, LabelOperator found, string[] values)
    {
        if (!KeyPattern().IsMatch(key))
        {
            throw Invalid($"'{key}' is not a label key");
        }

        if (Array.Find(values, value => !ValuePattern().IsMatch(value)) is { } wrong)
        {
            throw Invalid($"'{wrong}' is not a label value");
        }

        bool needsValues = found is LabelOperator.In or LabelOperator.NotIn;
        return needsValues == (values.Length > 0)
            ? new LabelRequirement(key, found, values)
            : throw Invalid($"the label expression on '{key}' must {(needsValues ? "have" : "not have")} values");
    }

    private static string TextOf(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw Invalid("a label selector holds something that is not a text");

    private static BackupException Invalid(string problem) =>
        new(ErrorKind.InvalidInput, $"The label selector is not valid: {problem}.", "Write it like app=web,tier in (a,b),!canary.");

    [GeneratedRegex(@"\G\s*(?:(?<not>!)\s*(?<key>[^\s=!,()]+)|(?<key>[^\s=!,()]+)(?:\s+(?<set>in|notin)\s*\((?<values>[^()]*)\)|\s*(?<equal>==|=|!=)\s*(?<value>[^\s=!,()]*))?)\s*(?:(?<comma>,)|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex TermPattern();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?\z")]
    private static partial Regex ValuePattern();
}
