using System.Text;
using System.Text.Unicode;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Makes an item of a line that is a URL.</summary>
static class UrlLine
{
    /// <summary>Parses a line: see <see cref="LineParse"/>.</summary>
    public static string? Parse(byte[] line, out BatchItem? item)
    {
        item = null;
        if (!Utf8.IsValid(line))
        {
            return LineParser.NotUtf8;
        }

        string url = Encoding.UTF8.GetString(line);
        if (FindError(url) is { } error)
        {
            return error;
        }

        item = new BatchItem(null, ReadOnlyMemory<byte>.Empty) { Head = new RequestHead(Url: url, HasBody: false) };
        return null;
    }

    /// <summary>Says what is wrong with the URL of an item, which may be relative to the target's.</summary>
    /// <returns>The rest of a sentence whose subject is what has the URL; null if nothing is wrong.</returns>
    public static string? FindError(string url)
    {
        string shown = ShortText.Of(ShownUrl.Of(url));
        if (url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return $"has the URL '{shown}' with white space in it: a URL needs %20 in its place.";
        }

        // On Unix a path would be an absolute URL of a file.
        bool isAbsolute = !url.StartsWith('/') && Uri.TryCreate(url, UriKind.Absolute, out _);
        if (isAbsolute)
        {
            var uri = new Uri(url);
            return uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps
                ? $"has the URL '{shown}', whose scheme is '{uri.Scheme}': http and https are allowed."
                : uri.UserInfo.Length > 0
                ? "has a URL with a user name or password in it, which is not accepted, because URLs are stored and shown. Use a header."
                : null;
        }

        return url.Length == 0 || url.Contains("://", StringComparison.Ordinal) || !Uri.TryCreate(url, UriKind.Relative, out _)
            ? $"has '{shown}', which is not a URL: one such as https://example.com/a, or relative to the target's, is needed."
            : null;
    }
}
