namespace Rollcall.Templates;

/// <summary>A template cannot be read, or makes nothing of an item.</summary>
/// <param name="message">What is wrong, as the rest of a sentence whose subject is the template or the item's line.</param>
/// <param name="missing">See <see cref="Missing"/>.</param>
public sealed class TemplateException(string message, string? missing = null) : Exception(message)
{
    /// <summary>The path of the value that the item does not have; null if that is not the reason.</summary>
    public string? Missing => missing;
}
