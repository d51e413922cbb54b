using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Rollcall.Sending;

/// <summary>
/// When a target's limits are reset, by the headers of a response that says that one is reached. Of several limits those count that nothing
/// is left of, and of these the one with the longest wait.
/// </summary>
static partial class LimitResets
{
    /// <summary>
    /// Reads <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers: parameter <c>t</c>, and <c>reset</c> in its seventh version), and each
    /// header that has "ratelimit" or "rate-limit", and "reset" in its name, beside that with "remaining" in the place of "reset":
    /// <c>RateLimit-Reset</c>, <c>X-RateLimit-Reset-After</c>, <c>x-ratelimit-reset-tokens</c>,
    /// <c>anthropic-ratelimit-requests-reset</c> and the like.
    /// A value is a number of seconds, a time since 1970 in seconds or smaller units, a duration such as <c>6m0s</c>, or a date.
    /// </summary>
    /// <returns>The wait, which is negative for a time that has passed; null if there is none.</returns>
    public static TimeSpan? Find(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var resets = FindStandard(headers, now).Concat(FindNamed(headers, now)).ToList();
        var reached = resets.Where(reset => reset.IsReached).ToList();
        return RetryAfterHeader.LongestOf((reached.Count > 0 ? reached : resets).Select(reset => (TimeSpan?)reset.Wait));
    }

    /// <summary>Reads the limits of which the response says both how much is left and when they are reset.</summary>
    /// <returns>The limits; empty for most targets, without a search.</returns>
    public static IReadOnlyList<AnnouncedLimit> FindLimits(HttpResponseHeaders headers, DateTimeOffset now)
    {
        foreach (var header in headers.NonValidated)
        {
            if (header.Key.Contains("limit", StringComparison.OrdinalIgnoreCase))
            {
                now = headers.Date ?? now;
                return
                [
                    .. from reset in FindStandard(headers, now).Concat(FindNamed(headers, now))
                    where reset.Remaining is not null
                    let wait = reset.Wait > TimeSpan.Zero ? reset.Wait : TimeSpan.Zero
                    select new AnnouncedLimit(reset.Name, reset.Remaining ?? 0, wait),
                ];
            }
        }

        return [];
    }

    static IEnumerable<Reset> FindStandard(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (!headers.NonValidated.TryGetValues("RateLimit", out var values))
        {
            yield break;
        }

        // Later versions have a list of limits with parameters, the seventh has one limit, as a list of its parameters.
        string text = QuotedText().Replace(values.ToString(), quoted => NotInName().Replace(quoted.Value, ""));
        foreach (string limit in OneLimit().IsMatch(text) ? [text] : text.Split(','))
        {
            var parameters = limit
                .Split([';', ','], StringSplitOptions.TrimEntries)
                .Select(part => part.Split('=', 2))
                .Where(pair => pair.Length == 2)
                .ToLookup(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
            if ((parameters["t"].FirstOrDefault() ?? parameters["reset"].FirstOrDefault()) is { } reset && FindWait(reset, now) is { } wait)
            {
                string? left = parameters["r"].FirstOrDefault() ?? parameters["remaining"].FirstOrDefault();
                yield return new Reset(limit.Split(';')[0].Trim(), wait, left is null ? null : RetryAfterHeader.FindSeconds(left));
            }
        }
    }

    static IEnumerable<Reset> FindNamed(HttpResponseHeaders headers, DateTimeOffset now) =>
        from header in headers.NonValidated
        where LimitName().IsMatch(header.Key) && header.Key.Contains("reset", StringComparison.OrdinalIgnoreCase)
        let wait = RetryAfterHeader.LongestOf(RetryAfterHeader.ValuesOf(headers, header.Key).Select(text => FindWait(text, now)))
        where wait is not null
        let remaining = RemainingOf(header.Key)
        select new Reset(
            remaining, wait.Value, RetryAfterHeader.ValuesOf(headers, remaining).Select(RetryAfterHeader.FindNumber).Min());

    static string RemainingOf(string name) => ResetInName().Replace(name, "remaining");

    static TimeSpan? FindWait(string text, DateTimeOffset now)
    {
        if (RetryAfterHeader.FindNumber(text) is { } number)
        {
            // A number of this size is a time since 1970: in seconds, ms, µs or ns.
            return number switch
            {
                < 1e9 => TimeSpan.FromSeconds(number),
                < 1e11 => Since1970(number),
                < 1e14 => Since1970(number / 1e3),
                < 1e17 => Since1970(number / 1e6),
                < 1e19 => Since1970(number / 1e9),
                _ => null,
            };
        }

        return FindDuration(text) ?? (RetryAfterHeader.FindDate(text) - now);

        TimeSpan Since1970(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds) - now;
    }

    static TimeSpan? FindDuration(string text)
    {
        var match = Duration().Match(text);
        if (!match.Success)
        {
            return null;
        }

        double seconds = ValueOf("d") * 86_400
            + ValueOf("h") * 3600
            + ValueOf("m") * 60
            + ValueOf("s")
            + ValueOf("ms") / 1e3
            + ValueOf("us") / 1e6;
        return TimeSpan.FromSeconds(Math.Min(seconds, 1e9));

        double ValueOf(string unit) =>
            match.Groups[unit] is { Success: true } group ? double.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex("rate-?limit", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LimitName();

    [GeneratedRegex("reset(-after)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ResetInName();

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.CultureInvariant)]
    private static partial Regex QuotedText();

    [GeneratedRegex("[^A-Za-z0-9_-]", RegexOptions.CultureInvariant)]
    private static partial Regex NotInName();

    [GeneratedRegex(@"(?:limit|remaining|reset)\s*=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OneLimit();

    // As Go writes it: 1h2m3.5s, 6m0s, 17ms.
    [GeneratedRegex(
        @"^(?=[0-9])(?:(?<d>[0-9]+(?:\.[0-9]+)?)d)?(?:(?<h>[0-9]+(?:\.[0-9]+)?)h)?(?:(?<m>[0-9]+(?:\.[0-9]+)?)m(?!s))?"
            + @"(?:(?<s>[0-9]+(?:\.[0-9]+)?)s)?(?:(?<ms>[0-9]+(?:\.[0-9]+)?)ms)?(?:(?<us>[0-9]+(?:\.[0-9]+)?)[uµ]s)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    /// <param name="Name">What tells the limit from the others.</param>
    /// <param name="Remaining">How much the target says is left of the limit; null if it does not.</param>
    sealed record Reset(string Name, TimeSpan Wait, double? Remaining)
    {
        public bool IsReached => Remaining == 0;
    }
}
