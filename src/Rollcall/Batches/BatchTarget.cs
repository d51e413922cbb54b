using Rollcall.Validation;

namespace Rollcall.Batches;

/// <summary>Where the items of a batch are sent, and as what requests.</summary>
/// <param name="Url">
/// An absolute http or https URL, or a template of one over the fields of an item; empty if each item has an absolute URL of its own.
/// </param>
/// <param name="Headers">Headers for every request, by name.</param>
public sealed record BatchTarget(string Url, IReadOnlyDictionary<string, TargetHeader> Headers)
{
    /// <summary>
    /// The method of the requests of items that have none of their own, in capitals; null for POST, and GET for a request without a body.
    /// </summary>
    public string? Method { get; init; }

    /// <summary>Whether these requests have the item's payload as their body.</summary>
    public bool HasBody { get; init; } = true;

    /// <summary>What is made for each item; null if only the URL may be a template.</summary>
    public TargetTemplate? Template { get; init; }

    /// <summary>Where the bearer token of the requests comes from; null if they have none, or have it as a header.</summary>
    public TargetAuth? Auth { get; init; }

    /// <summary>What connections are made with; null for what the sending process uses by default.</summary>
    public TargetTls? Tls { get; init; }

    static readonly string[] Reserved = [
        "Connection", "Content-Length", "Expect", "Idempotency-Key", "Trailer", "Transfer-Encoding", "Upgrade"];

    /// <summary>Says what is wrong with a target's URL.</summary>
    /// <param name="url">The URL as the user gave it.</param>
    /// <returns>One sentence, or null if the URL can be used.</returns>
    public static string? FindUrlError(string url)
    {
        int template = url.IndexOf("{{", StringComparison.Ordinal);
        if (template >= 0 && url.IndexOf("}}", template, StringComparison.Ordinal) > 0)
        {
            return $"'{ShortText.Of(ShownUrl.Of(url))}' has '{{{{' and '}}}}' in it, which would be sent as they are: this URL "
                + "cannot be a template.";
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return $"'{ShortText.Of(ShownUrl.Of(url))}' is not a URL to send to: an absolute http:// or https:// URL is needed.";
        }

        return uri.UserInfo.Length > 0
            ? "A URL with a user name or password in it is not accepted, because URLs are stored and shown. Use an Authorization header."
            : null;
    }

    /// <summary>Says what is wrong with a request header.</summary>
    /// <returns>One sentence that does not contain the value, or null if the header can be used.</returns>
    public static string? FindHeaderError(string name, string value)
    {
        // RFC 9110, section 5.6.2: a field name is a token. Section 5.5: a value has no control characters.
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
        {
            return $"'{ShortText.Of(name)}' is not a header name: letters, digits and !#$%&'*+-.^_`|~ are allowed.";
        }

        if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return $"The header '{name}' is set by Rollcall itself and cannot be given.";
        }

        return value.Any(c => c is not '\t' and (< ' ' or > '~'))
            ? $"The value of the header '{name}' has a character that is not printable ASCII."
            : null;
    }
}
