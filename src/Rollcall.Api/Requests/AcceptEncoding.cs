using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rollcall.Api.Requests;

/// <summary>What a client says of how an answer may be coded (RFC 9110, section 12.5.3).</summary>
static class AcceptEncoding
{
    /// <summary>Whether the client takes gzip, and not the plain answer rather.</summary>
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
