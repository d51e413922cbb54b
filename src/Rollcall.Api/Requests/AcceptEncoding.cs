using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rollcall.Api.Requests;

/// <summary>The content codings that a client accepts in a response (RFC 9110, section 12.5.3).</summary>
static class AcceptEncoding
{
    /// <summary>Whether the client accepts gzip and does not prefer an uncompressed response.</summary>
    public static bool PrefersGzip(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        double gzip = WeightOf(accepted, "gzip") ?? WeightOf(accepted, "*") ?? 0;
        return gzip > 0 && gzip >= (WeightOf(accepted, "identity") ?? 0);
    }

    static double? WeightOf(IList<StringWithQualityHeaderValue> accepted, string coding) =>
        accepted.FirstOrDefault(value => value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)) is { } found
            ? found.Quality ?? 1
            : null;
}
