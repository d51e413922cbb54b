using System.Net;

namespace Rollcall.Sending;

/// <summary>
/// Where a response's body ends according to its headers (RFC 9112, section 6.3; RFC 9113, section 8.1.1). The HTTP client ignores a length
/// that it cannot parse, uses the first of several, and does not check any over HTTP/2.
/// </summary>
/// <param name="Length">The length of the body in bytes, without transfer codings; null if something else determines the end.</param>
/// <param name="EndsByItself">Whether the client's stream ends with the body, and not only with the connection.</param>
/// <param name="Codings">The transfer codings before <c>chunked</c>, in the order in which they were applied.</param>
/// <param name="Error">Why the end of the body cannot be determined; null if it can.</param>
readonly record struct Framing(long? Length, bool EndsByItself, string[] Codings, string? Error)
{
    /// <summary>Reads a response's headers.</summary>
    public static Framing Of(HttpResponseMessage response)
    {
        // RFC 9112, section 6.3, rule 1: these have no body, whatever their headers say.
        if ((int)response.StatusCode is < 200 or 204 or 304)
        {
            return new Framing(null, EndsByItself: true, [], null);
        }

        bool isHttp1 = response.Version.Major == 1;
        bool isChunked = response.Headers.TransferEncodingChunked == true;
        var (length, lengthError) = ContentLength.Of(response.Content.Headers);
        string[] transfer = [.. HeaderList.Of(response.Headers, "Transfer-Encoding").Where(coding => !ContentCodings.IsIdentity(coding))];
        if (transfer.Length > 0)
        {
            string? error = FindTransferError(response, transfer, isChunked, hasLength: length is not null || lengthError is not null);
            string[] codings = error is null ? [.. transfer.SkipLast(isChunked ? 1 : 0)] : [];
            return new Framing(null, EndsByItself: isChunked || !isHttp1, codings, error);
        }

        bool endsByItself = !isHttp1 || response.Content.Headers.ContentLength is not null || response.Headers.ConnectionClose == true;
        return new Framing(length, endsByItself, [], lengthError);
    }

    static string? FindTransferError(HttpResponseMessage response, string[] transfer, bool isChunked, bool hasLength)
    {
        string all = string.Join(", ", transfer);
        return response.Version switch
        {
            // RFC 9113, section 8.2.2, and RFC 9112, section 6.1: the framing is invalid.
            { Major: > 1 } => $"Transfer-Encoding '{all}' does not exist in HTTP/{response.Version.Major}.",
            _ when response.Version == HttpVersion.Version10 => $"Transfer-Encoding '{all}' does not exist in HTTP/1.0.",

            // The client removes one layer of chunks, wherever chunked is in the list.
            _ when isChunked && !IsChunked(transfer[^1]) => $"Transfer-Encoding '{all}' does not have chunked as the last.",
            _ when transfer.Count(IsChunked) > 1 => $"Transfer-Encoding '{all}' has chunked more than once.",

            // RFC 9112, section 6.3, rule 3: Transfer-Encoding takes precedence, but the client uses Content-Length.
            _ when !isChunked && hasLength =>
                $"Transfer-Encoding '{all}', which does not say where the body ends, came with a Content-Length.",
            _ when transfer.Length > ContentCodings.MaxCount =>
                $"Transfer-Encoding has {transfer.Length} codings, and {ContentCodings.MaxCount} are decoded.",
            _ when transfer.Any(coding => !IsChunked(coding) && !ContentCodings.IsKnown(coding)) =>
                $"Transfer-Encoding '{all}' is not known.",
            _ => null,
        };
    }

    static bool IsChunked(string coding) => coding.Equals("chunked", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A response's body does not end where its headers say, or they do not say where it ends.</summary>
sealed class FramingException(string message) : IOException(message);
