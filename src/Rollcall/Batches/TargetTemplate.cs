namespace Rollcall.Batches;

/// <summary>
/// The parts of a target that are Liquid templates over the fields of an item, beside its URL. What they make of an item is stored with it,
/// so that each attempt sends the same request.
/// </summary>
public sealed record TargetTemplate
{
    /// <summary>Query parameters, added to the URL in order: names, and templates of their values.</summary>
    public IReadOnlyList<NamedTemplate> Query { get; init; } = [];

    /// <summary>Headers: names, and templates of their values.</summary>
    public IReadOnlyList<NamedTemplate> Headers { get; init; } = [];

    /// <summary>The template of the body; null to send the payload as it is.</summary>
    public string? Body { get; init; }

    /// <summary>
    /// The media type of the body; null for JSON. The body of a JSON type must be JSON, and values in it are escaped for JSON strings.
    /// </summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// The fields of a form, which is the body: names, and templates of their values. A value that begins with <c>@</c> is the path of a
    /// file, which makes the form <c>multipart/form-data</c>; otherwise it is <c>application/x-www-form-urlencoded</c>.
    /// </summary>
    public IReadOnlyList<NamedTemplate> Form { get; init; } = [];
}

/// <summary>A name, and the template of its value.</summary>
public sealed record NamedTemplate(string Name, string Value);
