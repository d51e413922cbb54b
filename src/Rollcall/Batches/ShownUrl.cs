namespace Rollcall.Batches;

/// <summary>
/// Makes a URL safe to show and record: removes user name, password, query and fragment, any of which can hold a secret. It works on the
/// text, because a text that is not a valid URL can hold a secret too.
/// </summary>
public static class ShownUrl
{
    const string Hidden = "…";

    /// <summary>The form of a URL that may be shown.</summary>
    /// <param name="url">An absolute or relative URL, or any text given as one.</param>
    /// <returns>The text, with <c>?…</c> in place of a query and <c>#…</c> in place of a fragment.</returns>
    public static string Of(string url)
    {
        int end = url.AsSpan().IndexOfAny('?', '#');
        string shown = WithoutUser(end < 0 ? url : url[..end]);
        return end < 0 ? shown : $"{shown}{url[end]}{Hidden}";
    }

    // RFC 3986, section 3.2: the authority is from two slashes to the next one. .NET treats a backslash as a slash.
    static string WithoutUser(string text)
    {
        int slash = text.AsSpan().IndexOfAny('/', '\\');
        int start = slash >= 0 && slash + 1 < text.Length && text[slash + 1] is '/' or '\\' ? slash + 2 : 0;
        int length = text.AsSpan(start).IndexOfAny('/', '\\');
        int at = text.AsSpan(start, length < 0 ? text.Length - start : length).LastIndexOf('@');
        return at < 0 ? text : string.Concat(text.AsSpan(0, start), text.AsSpan(start + at + 1));
    }
}
