using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rollcall.Cli.Serving;

/// <summary>
/// Refuses what a page of another origin has a browser send. The browser reaches this machine where the page's own server does not, so that
/// the address that is listened on keeps nobody out.
/// </summary>
static class BrowserCheck
{
    const string FetchSite = "Sec-Fetch-Site";

    // What a form can send without being asked by the browser whether it may
    // (https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
    static readonly string[] FormTypes = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

    // The page is this server's, or there is none: an address that was typed in.
    static readonly string[] OwnSites = ["same-origin", "none"];

    /// <summary>Answers a request that a page of another origin has sent, or may have.</summary>
    /// <returns>403 or 415, or null for a request that may pass.</returns>
    public static IResult? Refuse(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.TryGetValue(HeaderNames.Origin, out var origin) && !IsOwn(request, origin.ToString()))
        {
            return TypedResults.Problem(
                "The Origin is not this server's: a web page of another one has sent this.",
                statusCode: StatusCodes.Status403Forbidden);
        }

        if (headers.TryGetValue(FetchSite, out var site) && !OwnSites.Contains(site.ToString()))
        {
            return TypedResults.Problem(
                $"{FetchSite} is not same-origin: a web page of another site has sent this.",
                statusCode: StatusCodes.Status403Forbidden);
        }

        return !HttpMethods.IsGet(request.Method) && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && FormTypes.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase)
                ? TypedResults.Problem(
                    $"The Content-Type is {type.MediaType}, which no request of the API has.",
                    statusCode: StatusCodes.Status415UnsupportedMediaType)
                : null;
    }

    // RFC 6454, section 4: scheme, host and port. An origin that is none, such as null, is nobody's.
    static bool IsOwn(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var theirs)
        && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own)
        && origin.Equals(theirs.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped), StringComparison.OrdinalIgnoreCase)
        && Uri.Compare(theirs, own, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
