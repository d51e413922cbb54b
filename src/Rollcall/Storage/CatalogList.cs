using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Storage;

/// <summary>One of a catalog's lists. What is in one is ordered by when it came, the newest first.</summary>
public sealed record CatalogList
{
    CatalogList(string name) => Name = name;

    /// <summary>All batches.</summary>
    public static CatalogList All { get; } = new("entries");

    /// <summary>Those that were not closed. One that has ended may be there until the next look at it.</summary>
    public static CatalogList Open { get; } = new("open");

    /// <summary>The requests that were rejected.</summary>
    public static CatalogList Rejections { get; } = new("rejections");

    /// <summary>The list's name, which is a part of the names that storage has for what is in it.</summary>
    public string Name { get; }

    /// <summary>The closed batches that ended in one way.</summary>
    public static CatalogList Ended(EndKind kind) => new(KebabCase.Of(kind));
}
