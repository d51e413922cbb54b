using System.Collections.Concurrent;

namespace Rollcall.Storage;

/// <summary>
/// What is kept in memory of at most 1,000 batches or names. With the next one all that was kept is forgotten, so nothing may depend on it.
/// </summary>
sealed class RecentEntries<TKey, TValue>(IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
    where TValue : class
{
    const int Most = 1000;

    readonly ConcurrentDictionary<TKey, TValue> entries = new(comparer);

    /// <summary>What is kept under a key; null for nothing.</summary>
    public TValue? Find(TKey key) => entries.GetValueOrDefault(key);

    /// <summary>Keeps a value, in the place of what is there.</summary>
    /// <returns>The value.</returns>
    public TValue Keep(TKey key, TValue value) => Keep(key, value, _ => value);

    /// <summary>Keeps a value, or what is made of the one that is there.</summary>
    /// <returns>What is kept now.</returns>
    public TValue Keep(TKey key, TValue value, Func<TValue, TValue> replace)
    {
        MakeRoom(key);
        return entries.AddOrUpdate(key, value, (_, there) => replace(there));
    }

    /// <summary>Keeps a value if what is there is still what was found before.</summary>
    /// <param name="before">What was found; null for nothing.</param>
    /// <returns>Whether it is kept.</returns>
    public bool TryReplace(TKey key, TValue? before, TValue value)
    {
        MakeRoom(key);
        return before is null ? entries.TryAdd(key, value) : entries.TryUpdate(key, value, before);
    }

    /// <summary>Forgets what is kept under a key.</summary>
    /// <returns>Whether anything was.</returns>
    public bool Remove(TKey key) => entries.TryRemove(key, out _);

    void MakeRoom(TKey key)
    {
        if (entries.Count >= Most && !entries.ContainsKey(key))
        {
            entries.Clear();
        }
    }
}
