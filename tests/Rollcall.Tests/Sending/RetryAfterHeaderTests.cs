using System.Net;
using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class RetryAfterHeaderTests
{
    // 2026-01-02 03:04:05 UTC is second 1,767,323,045 of the clock.
    static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(503, "Retry-After", "120", 120.0)]
    [InlineData(200, "Retry-After", "0", 0.0)]
    [InlineData(500, "Retry-After", "2.5", 3.0)]
    [InlineData(503, "Retry-After", "99999999999", 1e9)]
    [InlineData(503, "Retry-After", "99999999999999999999999999", 1e9)]
    [InlineData(429, "Retry-After", "1, 7", 7.0)]
    [InlineData(429, "Retry-After", "Fri, 02 Jan 2026 03:05:05 GMT", 60.0)]
    [InlineData(429, "Retry-After", "Friday, 02-Jan-26 03:05:05 GMT", 60.0)]
    [InlineData(429, "Retry-After", "2026-01-02T03:05:05.500Z", 60.5)]
    [InlineData(429, "Retry-After", "2026-01-02T04:05:05+01:00", 60.0)]
    [InlineData(429, "Retry-After", "Fri, 02 Jan 2026 03:00:00 GMT", 0.0)]
    [InlineData(429, "Retry-After", "soon", null)]
    [InlineData(429, "Retry-After", "-5", null)]
    [InlineData(429, "Retry-After", "", null)]
    [InlineData(500, "retry-after-ms", "1500", 1.5)]
    [InlineData(429, "x-ms-retry-after-ms", "250", 0.25)]
    [InlineData(429, "retry-after-ms", "1e3", null)]
    [InlineData(429, "RateLimit", "\"default\";r=0;t=30", 30.0)]
    [InlineData(429, "RateLimit", "\"burst\";r=5;t=1, \"daily\";r=0;t=4", 4.0)]
    [InlineData(429, "RateLimit", "\"a, b;t=9\";r=0;t=4, \"c\";r=0;t=3", 4.0)]
    [InlineData(429, "RateLimit", "limit=10, remaining=0, t=7", 7.0)]
    [InlineData(429, "RateLimit", "limit=10, remaining=0, reset=3", 3.0)]
    [InlineData(429, "RateLimit", "\"default\";r=0", null)]
    [InlineData(429, "RateLimit-Reset", "15", 15.0)]
    [InlineData(529, "RateLimit-Reset", "15", 15.0)]
    [InlineData(429, "X-RateLimit-Reset", "15", 15.0)]
    [InlineData(429, "X-RateLimit-Reset", "0.25", 0.25)]
    [InlineData(429, "X-RateLimit-Reset", "1767323145", 100.0)]
    [InlineData(429, "X-RateLimit-Reset", "1767323145500", 100.5)]
    [InlineData(429, "X-RateLimit-Reset", "1767323145500000", 100.5)]
    [InlineData(429, "X-RateLimit-Reset", "1767323145500000000", 100.5)]
    [InlineData(429, "X-RateLimit-Reset", "2026-01-02T03:05:45Z", 100.0)]
    [InlineData(429, "X-RateLimit-Reset", "Fri, 02 Jan 2026 03:05:45 GMT", 100.0)]
    [InlineData(429, "X-RateLimit-Reset", "1767323000", 0.0)]
    [InlineData(429, "X-RateLimit-Reset", "-5", null)]
    [InlineData(429, "X-RateLimit-Reset", "99999999999999999999", null)]
    [InlineData(429, "X-RateLimit-Reset", "never", null)]
    [InlineData(429, "x-rate-limit-reset", "1767323145", 100.0)]
    [InlineData(429, "X-RateLimit-Reset-After", "1.5", 1.5)]
    [InlineData(429, "X-RateLimit-Reset-Minute", "20", 20.0)]
    [InlineData(429, "x-ratelimit-reset-requests", "6m0s", 360.0)]
    [InlineData(429, "x-ratelimit-reset-tokens", "1h2m3.5s", 3723.5)]
    [InlineData(429, "x-ratelimit-reset-tokens", "17ms", 0.017)]
    [InlineData(429, "x-ratelimit-reset-tokens", "1m17ms", 60.017)]
    [InlineData(429, "x-ratelimit-reset-tokens", "500us", 0.0005)]
    [InlineData(429, "x-ratelimit-reset-tokens", "1d", 86400.0)]
    [InlineData(429, "x-ratelimit-reset-tokens", "6 minutes", null)]
    [InlineData(429, "x-ratelimit-reset-tokens", "s", null)]
    [InlineData(429, "anthropic-ratelimit-input-tokens-reset", "2026-01-02T03:04:35Z", 30.0)]
    [InlineData(429, "Retry-After", "NaN", null)]
    [InlineData(429, "Retry-After", "Infinity", null)]
    [InlineData(429, "Retry-After", "-Infinity", null)]
    [InlineData(429, "Retry-After", "2126-01-02T03:04:05Z", 3155673600.0)]
    [InlineData(429, "Retry-After", "0001-01-01T00:00:00Z", 0.0)]
    [InlineData(429, "retry-after-ms", "NaN", null)]
    [InlineData(429, "X-RateLimit-Reset", "NaN", null)]
    [InlineData(429, "X-RateLimit-Reset", "-Infinity", null)]
    [InlineData(429, "X-RateLimit-Reset", ".", null)]
    [InlineData(429, "RateLimit", "\"a\";r=NaN;t=NaN", null)]
    [InlineData(200, "X-RateLimit-Reset", "15", null)]
    [InlineData(500, "X-RateLimit-Reset", "15", null)]
    [InlineData(429, "X-RateLimit-Limit", "15", null)]
    [InlineData(429, "X-Other", "15", null)]
    public void Header_OfAResponse_IsTheWaitItAsksFor(int status, string name, string value, double? seconds)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        Assert.True(response.Headers.TryAddWithoutValidation(name, value));
        Assert.Equal(seconds, SecondsOf(RetryAfterHeader.Read(response, Now)));
    }

    [Theory]
    [InlineData(
        "x-ratelimit-remaining-requests: 0|x-ratelimit-reset-requests: 2s|x-ratelimit-remaining-tokens: 9|x-ratelimit-reset-tokens: 6m0s",
        2)]
    [InlineData(
        "x-ratelimit-remaining-requests: 3|x-ratelimit-reset-requests: 2s|x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 6m0s",
        360)]
    [InlineData(
        "x-ratelimit-remaining-requests: 0|x-ratelimit-reset-requests: 2s|x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 6m0s",
        360)]
    [InlineData(
        "x-ratelimit-remaining-requests: 3|x-ratelimit-reset-requests: 2s|x-ratelimit-remaining-tokens: 9|x-ratelimit-reset-tokens: 6m0s",
        360)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset-After: 2.5|RateLimit: \"day\";r=5;t=60", 2.5)]
    [InlineData("anthropic-ratelimit-requests-remaining: 0|anthropic-ratelimit-requests-reset: 2026-01-02T03:04:08Z|"
        + "anthropic-ratelimit-tokens-remaining: 100|anthropic-ratelimit-tokens-reset: 2026-01-02T03:05:05Z", 3)]
    [InlineData("Retry-After: 5|Retry-After: 20", 20)]
    [InlineData("Retry-After: 1|retry-after-ms: 350", 0.35)]
    [InlineData("Retry-After: soon|RateLimit-Reset: 4", 4)]
    public void Limits_OfWhichOneIsReached_MeanTheWaitForThatOne(string headers, double seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        foreach (string header in headers.Split('|'))
        {
            string[] parts = header.Split(": ", 2);
            Assert.True(response.Headers.TryAddWithoutValidation(parts[0], parts[1]));
        }

        Assert.Equal(seconds, SecondsOf(RetryAfterHeader.Read(response, Now)));
    }

    [Theory]
    [InlineData("Retry-After", "Fri, 02 Jan 2026 05:04:15 GMT")]
    [InlineData("X-RateLimit-Reset", "1767330255")]
    [InlineData("anthropic-ratelimit-requests-reset", "2026-01-02T05:04:15Z")]
    public void Date_OfATargetWhoseClockDiffers_IsComparedWithItsOwn(string name, string value)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.Date = Now.AddHours(2);
        Assert.True(response.Headers.TryAddWithoutValidation(name, value));
        Assert.Equal(10, RetryAfterHeader.Read(response, Now)?.TotalSeconds);
    }

    [Fact]
    public void RetryAfter_BesideAnotherHeader_Counts()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("X-RateLimit-Reset", "15");
        response.Headers.TryAddWithoutValidation("Retry-After", "3");
        Assert.Equal(3, RetryAfterHeader.Read(response, Now)?.TotalSeconds);
    }

    static double? SecondsOf(TimeSpan? wait) => wait is null ? null : Math.Round(wait.Value.TotalSeconds, 6);
}
