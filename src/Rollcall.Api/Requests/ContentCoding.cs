using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Rollcall.Api.Responses;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>The content coding of a request's body (RFC 9110, section 8.4). Bodies are not decoded.</summary>
static class ContentCoding
{
    const string Identity = "identity";

    /// <summary>Refuses a body with a content coding: 415, with what is accepted (RFC 9110, section 15.5.16).</summary>
    public static IResult? FindProblem(HttpRequest request)
    {
        string coding = request.Headers.ContentEncoding.ToString();
        if (coding.Length == 0 || coding.Equals(Identity, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        request.HttpContext.Response.Headers[HeaderNames.AcceptEncoding] = Identity;
        return Problem.Of(
            StatusCodes.Status415UnsupportedMediaType,
            $"The Content-Encoding is '{ShortText.Of(coding)}': the body must be sent as it is, without one.");
    }
}
