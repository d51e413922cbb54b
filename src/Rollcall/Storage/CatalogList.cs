using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Storage;

/// <summary>One of a catalog's lists. Entries are ordered by when they were received, newest first.</summary>
public sealed record CatalogList
{
    CatalogList(string name) => Name = name;

    /// <summary>All batches.</summary>
    public static CatalogList All { get; } = new("entries");

    /// <summary>The batches that were not closed. One that has ended may be listed until it is checked next.</summary>
    public static CatalogList Open { get; } = new("open");

    /// <summary>The rejected requests.</summary>
    public static CatalogList Rejections { get; } = new("rejections");

    /// <summary>The list's name, which is a part of the names of its entries in storage.</summary>
    public string Name { get; }

    /// <summary>The closed batches that ended in one way.</summary>
    public static CatalogList Ended(EndKind kind) => new(KebabCase.Of(kind));
}
