namespace Rollcall.Storage;

/// <summary>A span of time.</summary>
/// <param name="Since">Its begin, which is in it; null for no bound.</param>
/// <param name="Until">Its end, which is not in it; null for no bound.</param>
public readonly record struct CatalogRange(DateTimeOffset? Since = null, DateTimeOffset? Until = null)
{
    /// <summary>The first key that an entry of this time can have; the empty text for no bound.</summary>
    public string FirstKey => Until is not { } until ? ""
        : until > DateTimeOffset.MinValue ? CatalogEntry.KeyOf("", until.AddTicks(-1))
        : AfterAll;

    static string AfterAll => "~";

    /// <summary>Whether an entry is after the begin.</summary>
    /// <returns>Whether it is.</returns>
    public bool Begins(CatalogEntry entry) => !(entry.CreatedAt < Since);
}
