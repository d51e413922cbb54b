using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>Where a redirect leads, and whether it is followed.</summary>
static class RedirectPlan
{
    /// <summary>The maximum number of redirects followed in a row.</summary>
    public const int MaxHops = 10;

    /// <summary>Whether a response is a redirect. 304 is not one: it leads nowhere.</summary>
    public static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 300 or 301 or 302 or 303 or 307 or 308;

    /// <summary>Finds the next hop, or says why there is none.</summary>
    /// <param name="hop">The hop whose response is a redirect.</param>
    /// <returns>The hop, or one sentence.</returns>
    public static (Hop? Next, string? Error) Follow(BatchOptions options, Hop hop, HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        string redirect =
            $"{(hop.Number == 0 ? "The target" : $"Redirect {hop.Number}, '{ShownUrl.Of(hop.Url.AbsoluteUri)}',")} answered {status}, a "
            + $"redirect to '{ShownUrl.Of(response.Headers.Location?.OriginalString ?? "")}'";
        if (!options.FollowRedirects)
        {
            return (null, $"{redirect}, and redirects are not followed.");
        }

        // RFC 9110, section 15.4.1: several choices, one of which a person must pick.
        if (status == 300)
        {
            return (null, $"{redirect}, which is a choice of several and is not followed.");
        }

        if (response.Headers.Location is not { } location || !Uri.TryCreate(hop.Url, location, out var url))
        {
            return (null, $"{redirect}, which is not a URL.");
        }

        if (hop.Number == MaxHops)
        {
            return (null, $"{redirect}, and {MaxHops} redirects in a row are followed at most.");
        }

        if (BatchTarget.FindUrlError(location.IsAbsoluteUri ? location.OriginalString : url.AbsoluteUri) is { } error)
        {
            return (null, $"{redirect}, which is not followed. {error}");
        }

        if (hop.Url.Scheme == Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttps)
        {
            return (null, $"{redirect}, which is not followed, because it leads from https to http.");
        }

        // RFC 9110, sections 15.4.2 to 15.4.9: 307 and 308 keep the method. 303 asks for a GET, or for a HEAD after one. After 301 and 302,
        // every browser turns a POST into a GET, and keeps other methods; the RFC allows that, and services rely on it.
        bool isKept = status is 307 or 308 || (status is 301 or 302 && hop.Method != HttpMethod.Post);
        var method = isKept || hop.Method == HttpMethod.Head ? hop.Method : HttpMethod.Get;
        bool isElsewhere = hop.IsElsewhere
            || Uri.Compare(hop.Url, url, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0;
        return (new Hop(hop.Number + 1, url, method, hop.HasPayload && isKept, isElsewhere), null);
    }
}
