namespace Rollcall.Validation;

/// <summary>Writes JSON Pointers (RFC 6901).</summary>
static class JsonPointer
{
    /// <summary>The pointer to a field of an object.</summary>
    /// <param name="name">The field's name. A long one is cut.</param>
    public static string Append(string pointer, string name) =>
        $"{pointer}/{ShortText.Of(name).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
