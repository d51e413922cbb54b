using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Sending;

/// <summary>How long a target asks its callers to wait.</summary>
static class RetryAfterHeader
{
    const string Name = "Retry-After";

    // Azure OpenAI and OpenAI send the first, Azure Cosmos DB the second. Both say in milliseconds what Retry-After can say in seconds
    // only.
    static readonly string[] Milliseconds = ["retry-after-ms", "x-ms-retry-after-ms"];
    static readonly string[] Names = [Name, .. Milliseconds];

    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    // Longer than any wait, and short enough for a TimeSpan.
    const double MostSeconds = 1e9;

    /// <summary>
    /// Reads <c>Retry-After</c> as seconds or a date (RFC 9110, section 10.2.3), or what some services send in its place: milliseconds in a
    /// header of their own, a fraction, an RFC 3339 date. If it is missing and the response says that a limit is reached, reads when the
    /// limit is reset: see <see cref="LimitResets"/>. Dates are compared with that of the response, because its clock may not be ours.
    /// </summary>
    /// <returns>The wait, zero or more; null if the target asks for none.</returns>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        var headers = response.Headers;
        bool isRefusal = ItemOutcome.IsRefusal((int)response.StatusCode);
        if (!isRefusal && !Names.Any(headers.NonValidated.Contains))
        {
            return null;
        }

        now = headers.Date ?? now;
        var wait = LongestOf(Milliseconds.SelectMany(name => ValuesOf(headers, name)).Select(FindMilliseconds))
            ?? LongestOf(ValuesOf(headers, Name).Select(text => FindWait(text, now)))
            ?? (isRefusal ? LimitResets.Find(headers, now) : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>The values of a header. A header that is there more than once, or that is a list, has several.</summary>
    public static IEnumerable<string> ValuesOf(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.SelectMany(PartsOf) : [];

    /// <summary>Reads a date of RFC 9110, section 5.6.7, or RFC 3339.</summary>
    public static DateTimeOffset? FindDate(string text) =>
        Rfc3339.Find(text) ?? (RetryConditionHeaderValue.TryParse(text, out var parsed) ? parsed.Date : null);

    /// <summary>Reads a number of seconds, zero or more, with or without a fraction. Very large ones become 1,000,000,000.</summary>
    public static double? FindSeconds(string text) => FindNumber(text) is { } seconds ? Math.Min(seconds, MostSeconds) : null;

    /// <summary>Reads digits, with or without a fraction.</summary>
    public static double? FindNumber(string text) =>

        // "NaN" and "Infinity" are numbers to .NET, whatever the style.
        !text.AsSpan().ContainsAnyExcept(Digits)
            && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            ? number
            : null;

    /// <summary>The longest of those that there are; null if there are none.</summary>
    public static TimeSpan? LongestOf(IEnumerable<TimeSpan?> waits) => waits.Max();

    // A comma is part of a date of HTTP, and separates everything else.
    static IEnumerable<string> PartsOf(string value) =>
        FindDate(value.Trim()) is null ? value.Split(',', StringSplitOptions.TrimEntries) : [value.Trim()];

    static TimeSpan? FindMilliseconds(string text) =>
        FindSeconds(text) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    static TimeSpan? FindWait(string text, DateTimeOffset now) =>
        FindSeconds(text) is { } seconds ? TimeSpan.FromSeconds(Math.Ceiling(seconds)) : FindDate(text) - now;
}
