namespace Rollcall.Batches;

/// <summary>
/// A URL as it is shown and recorded: without user name, password, query and fragment, any of which can hold a secret. Works on texts,
/// because what is no URL can hold one too.
/// </summary>
public static class ShownUrl
{
    const string Hidden = "…";

    /// <summary>The form of a URL that may be shown.</summary>
    /// <param name="url">A URL, absolute or not, or a text that was to be one.</param>
    /// <returns>The text; a query is <c>?…</c> in it, a fragment <c>#…</c>.</returns>
    public static string Of(string url)
    {
        int end = url.AsSpan().IndexOfAny('?', '#');
        string shown = WithoutUser(end < 0 ? url : url[..end]);
        return end < 0 ? shown : $"{shown}{url[end]}{Hidden}";
    }

    // RFC 3986, section 3.2: the authority is from two slashes to the next one. .NET takes a backslash for a slash.
    static string WithoutUser(string text)
    {
        int slash = text.AsSpan().IndexOfAny('/', '\\');
        int start = slash >= 0 && slash + 1 < text.Length && text[slash + 1] is '/' or '\\' ? slash + 2 : 0;
        int length = text.AsSpan(start).IndexOfAny('/', '\\');
        int at = text.AsSpan(start, length < 0 ? text.Length - start : length).LastIndexOf('@');
        return at < 0 ? text : string.Concat(text.AsSpan(0, start), text.AsSpan(start + at + 1));
    }
}
