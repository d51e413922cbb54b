namespace Rollcall.Sending;

/// <summary>The names that were met, a bounded number of them, so that a log has one line for each and not one for each item.</summary>
sealed class RecentNames
{
    const int Most = 1000;

    readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a name.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(string name)
    {
        lock (names)
        {
            if (names.Count >= Most)
            {
                names.Clear();
            }

            return names.Add(name);
        }
    }
}
