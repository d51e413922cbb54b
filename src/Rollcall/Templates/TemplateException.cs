namespace Rollcall.Templates;

/// <summary>A template cannot be read, or makes nothing of an item.</summary>
/// <param name="message">What is wrong, as the rest of a sentence whose subject is the template or the item's line.</param>
public sealed class TemplateException(string message) : Exception(message);
