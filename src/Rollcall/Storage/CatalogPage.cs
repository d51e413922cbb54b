namespace Rollcall.Storage;

/// <summary>A part of one of a catalog's lists.</summary>
/// <param name="Entries">The entries, the newest first. There may be fewer than were asked for.</param>
/// <param name="Next">Where the next page goes on; null where there is none.</param>
public sealed record CatalogPage(IReadOnlyList<CatalogEntry> Entries, string? Next);
