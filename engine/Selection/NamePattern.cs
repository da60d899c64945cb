namespace BackupFunctions.Engine.Selection;

/// <summary>Name patterns with <c>*</c> (any run), <c>?</c> (one character) and <c>[a-z0]</c> (one of a set).</summary>
internal static class NamePattern
{
    public static bool HasWildcard(string pattern) => pattern.AsSpan().IndexOfAny('*', '?', '[') >= 0;

    /// <summary>Whether the whole name fits the pattern. Takes at most name length times pattern length steps.</summary>
    public static bool Matches(string pattern, string name)
    {
        int p = 0;
        int n = 0;
        int star = -1;
        int starName = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                starName = n;
            }
            else if (p < pattern.Length && MatchesOne(pattern, p, name[n], out int next))
            {
                p = next;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++starName;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    private static bool MatchesOne(string pattern, int position, char c, out int next)
    {
        next = position + 1;
        int close = pattern[position] == '[' ? pattern.IndexOf(']', position + 1) : -1;
        if (close < 0)
        {
            return pattern[position] == '?' || pattern[position] == c;
        }

        next = close + 1;
        ReadOnlySpan<char> set = pattern.AsSpan(position + 1, close - position - 1);
        for (int i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                if (c >= set[i] && c <= set[i + 2])
                {
                    return true;
                }

                i += 2;
            }
            else if (set[i] == c)
            {
                return true;
            }
        }

        return false;
    }
}
