namespace Rollcall.Storage;

/// <summary>A time range.</summary>
/// <param name="Since">Its start, inclusive; null for no limit.</param>
/// <param name="Until">Its end, exclusive; null for no limit.</param>
public readonly record struct CatalogRange(DateTimeOffset? Since = null, DateTimeOffset? Until = null)
{
    /// <summary>The first key that an entry in this range can have; an empty string for no limit.</summary>
    public string FirstKey => Until switch
    {
        null => "",
        { } until when until > DateTimeOffset.MinValue => CatalogEntry.KeyOf("", until.AddTicks(-1)),
        _ => AfterAll,
    };

    static string AfterAll => "~";

    /// <summary>Whether an entry is not before the start.</summary>
    public bool Begins(CatalogEntry entry) => !(entry.CreatedAt < Since);
}
