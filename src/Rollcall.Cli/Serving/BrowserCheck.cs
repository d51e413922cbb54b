using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rollcall.Cli.Serving;

/// <summary>
/// Refuses requests that a browser sends for a page of another origin. The browser can reach this machine even if the page's own server
/// cannot, so listening on a local address alone does not protect the server.
/// </summary>
static class BrowserCheck
{
    const string FetchSite = "Sec-Fetch-Site";

    // What a form can send without a preflight request
    // (https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
    static readonly string[] FormTypes = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

    // The page is this server's, or there is no page, because the user typed the address.
    static readonly string[] OwnSites = ["same-origin", "none"];

    /// <summary>Checks a request for signs of a page of another origin.</summary>
    /// <returns>403 or 415; null if the request is accepted.</returns>
    public static IResult? Refuse(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.TryGetValue(HeaderNames.Origin, out var origin) && !IsOwn(request, origin.ToString()))
        {
            return TypedResults.Problem(
                "The Origin is not this server's: a web page of another origin sent this request.",
                statusCode: StatusCodes.Status403Forbidden);
        }

        if (headers.TryGetValue(FetchSite, out var site) && !OwnSites.Contains(site.ToString()))
        {
            return TypedResults.Problem(
                $"{FetchSite} is not same-origin: a web page of another site sent this request.",
                statusCode: StatusCodes.Status403Forbidden);
        }

        return !HttpMethods.IsGet(request.Method) && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && FormTypes.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase)
                ? TypedResults.Problem(
                    $"The Content-Type is {type.MediaType}, which no request to the API has.",
                    statusCode: StatusCodes.Status415UnsupportedMediaType)
                : null;
    }

    // RFC 6454, section 4: scheme, host and port. An opaque origin, such as null, matches nothing.
    static bool IsOwn(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var theirs)
        && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own)
        && origin.Equals(theirs.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped), StringComparison.OrdinalIgnoreCase)
        && Uri.Compare(theirs, own, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
