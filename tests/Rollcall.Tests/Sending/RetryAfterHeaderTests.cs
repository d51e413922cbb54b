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
    [InlineData(429, "Retry-After", "Fri, 02 Jan 2026 03:05:05 GMT", 60.0)]
    [InlineData(429, "Retry-After", "Fri, 02 Jan 2026 03:00:00 GMT", 0.0)]
    [InlineData(429, "Retry-After", "soon", null)]
    [InlineData(429, "RateLimit", "\"default\";r=0;t=30", 30.0)]
    [InlineData(429, "RateLimit", "limit=10, remaining=0, t=7", 7.0)]
    [InlineData(429, "RateLimit", "\"default\";r=0", null)]
    [InlineData(429, "RateLimit-Reset", "15", 15.0)]
    [InlineData(429, "X-RateLimit-Reset", "15", 15.0)]
    [InlineData(429, "X-RateLimit-Reset", "1767323145", 100.0)]
    [InlineData(429, "X-RateLimit-Reset", "1767323000", 0.0)]
    [InlineData(429, "X-RateLimit-Reset", "-5", null)]
    [InlineData(429, "X-RateLimit-Reset", "99999999999999999999", null)]
    [InlineData(429, "X-RateLimit-Reset", "never", null)]
    [InlineData(200, "X-RateLimit-Reset", "15", null)]
    [InlineData(500, "X-RateLimit-Reset", "15", null)]
    [InlineData(429, "X-Other", "15", null)]
    public void Header_OfAResponse_IsTheWaitItAsksFor(int status, string name, string value, double? seconds)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        Assert.True(response.Headers.TryAddWithoutValidation(name, value));
        Assert.Equal(seconds, RetryAfterHeader.Read(response, Now)?.TotalSeconds);
    }

    [Fact]
    public void RetryAfter_BesideAnotherHeader_Counts()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("X-RateLimit-Reset", "15");
        response.Headers.TryAddWithoutValidation("Retry-After", "3");
        Assert.Equal(3, RetryAfterHeader.Read(response, Now)?.TotalSeconds);
    }
}
