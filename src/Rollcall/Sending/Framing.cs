using System.Net;

namespace Rollcall.Sending;

/// <summary>
/// Where a response's body ends, by its headers (RFC 9112, section 6.3; RFC 9113, section 8.1.1). The HTTP client drops a length that it
/// cannot read, takes the first of several, and compares none over HTTP/2.
/// </summary>
/// <param name="Length">The length of the body in bytes, without transfer codings; null if something else says where it ends.</param>
/// <param name="EndsByItself">Whether the client's stream ends with the body, and not only with the connection.</param>
/// <param name="Codings">The transfer codings ahead of <c>chunked</c>, in the order in which they were applied.</param>
/// <param name="Error">Why nobody can tell where the body ends; null if one can.</param>
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
        var transfer = HeaderList.Of(response.Headers, "Transfer-Encoding").Where(coding => !ContentCodings.IsIdentity(coding)).ToArray();
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
            // RFC 9113, section 8.2.2, and RFC 9112, section 6.1: the framing is faulty.
            { Major: > 1 } => $"Transfer-Encoding '{all}' does not exist in HTTP/{response.Version.Major}.",
            _ when response.Version == HttpVersion.Version10 => $"Transfer-Encoding '{all}' does not exist in HTTP/1.0.",

            // The client removes one layer of chunks wherever it is named.
            _ when isChunked && !IsChunked(transfer[^1]) => $"Transfer-Encoding '{all}' does not have chunked as the last.",
            _ when transfer.Count(IsChunked) > 1 => $"Transfer-Encoding '{all}' has chunked more than once.",

            // RFC 9112, section 6.3, rule 3: Transfer-Encoding counts, and the client goes by Content-Length.
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
