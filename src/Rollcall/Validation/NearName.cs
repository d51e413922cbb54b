namespace Rollcall.Validation;

/// <summary>Finds the name that a caller is likely to have meant.</summary>
static class NearName
{
    const int MaxLength = 64;

    /// <summary>Says that a name is not known, which one may have been meant, and which ones are allowed.</summary>
    /// <param name="known">The allowed names.</param>
    /// <returns>The rest of a sentence whose subject is the name.</returns>
    public static string Describe(string name, IReadOnlyList<string> known)
    {
        if (known.Count == 0)
        {
            return "is not known: none is allowed here.";
        }

        string hint = Find(name, known) is { } near ? $" Did you mean \"{near}\"?" : "";
        return $"is not known: {List(known)} {(known.Count == 1 ? "is" : "are")} allowed.{hint}";
    }

    /// <summary>Joins names: <c>"a", "b" and "c"</c>.</summary>
    public static string List(IReadOnlyList<string> names)
    {
        var quoted = names.Select(name => $"\"{name}\"").ToList();
        return quoted.Count == 1 ? quoted[0] : $"{string.Join(", ", quoted.SkipLast(1))} and {quoted[^1]}";
    }

    /// <summary>Finds the nearest name.</summary>
    /// <returns>The name that differs only in case or in one or two letters, one in a short name; null if there is none.</returns>
    public static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxLength)
        {
            return null;
        }

        var (near, distance) = known.Select(k => (Name: k, Distance: Distance(name, k))).MinBy(pair => pair.Distance);
        int most = near?.Length < 5 ? 1 : 2;
        return distance <= most ? near : null;
    }

    /// <summary>How many letters must be inserted, removed, changed or swapped with their neighbour, ignoring case.</summary>
    static int Distance(string one, string other)
    {
        int[][] steps = [.. Enumerable.Range(0, one.Length + 1).Select(_ => new int[other.Length + 1])];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i][j] = i + j;
                    continue;
                }

                int change = steps[i - 1][j - 1] + (Same(one[i - 1], other[j - 1]) ? 0 : 1);
                steps[i][j] = Math.Min(change, Math.Min(steps[i - 1][j], steps[i][j - 1]) + 1);
                if (i > 1 && j > 1 && Same(one[i - 1], other[j - 2]) && Same(one[i - 2], other[j - 1]))
                {
                    steps[i][j] = Math.Min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }

        return steps[one.Length][other.Length];
    }

    static bool Same(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);
}
