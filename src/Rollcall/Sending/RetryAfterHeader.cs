using System.Globalization;
using System.Net.Http.Headers;

namespace Rollcall.Sending;

/// <summary>How long a target asks its callers to wait.</summary>
static class RetryAfterHeader
{
    // Larger values are points in time, in seconds since 1970, as many services send.
    const long FirstEpochSecond = 1_000_000_000;

    /// <summary>
    /// Reads <c>Retry-After</c> as seconds or a date (RFC 9110, section 10.2.3). If it is missing and the response says that a limit is
    /// reached, reads the reset in <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers, parameter <c>t</c>), or in
    /// <c>RateLimit-Reset</c> and
    /// <c>X-RateLimit-Reset</c>, as seconds or as a point in time.
    /// </summary>
    /// <returns>The wait, zero or more; null if the target asks for none.</returns>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        var wait = FindWait(response, now);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    static TimeSpan? FindWait(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.Headers.RetryAfter is { } header)
        {
            return header.Delta ?? header.Date - now;
        }

        return (int)response.StatusCode is 429 or 503 ? ReadReset(response.Headers, now) : null;
    }

    static TimeSpan? ReadReset(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (Find(headers, "RateLimit") is { } limit
            && limit
                .Split([';', ','])
                .Select(part => part.Trim())
                .FirstOrDefault(part => part.StartsWith("t=", StringComparison.Ordinal)) is { } reset)
        {
            return ParseSeconds(reset[2..], now);
        }

        return (Find(headers, "RateLimit-Reset") ?? Find(headers, "X-RateLimit-Reset")) is { } seconds ? ParseSeconds(seconds, now) : null;
    }

    static TimeSpan? ParseSeconds(string text, DateTimeOffset now)
    {
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            || seconds > uint.MaxValue)
        {
            return null;
        }

        return seconds >= FirstEpochSecond ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) - now : TimeSpan.FromSeconds(seconds);
    }

    static string? Find(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
