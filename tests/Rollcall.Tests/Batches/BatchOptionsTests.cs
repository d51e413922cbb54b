using Rollcall.Batches;

namespace Rollcall.Tests.Batches;

public sealed class BatchOptionsTests
{
    public static TheoryData<string, BatchOptions> Allowed { get; } = new()
    {
        { "the defaults", new BatchOptions() },
        {
            "the least",
            new BatchOptions
            {
                Concurrency = 1,
                RatePerSecond = 0.001,
                TimeoutSeconds = 0.001,
                MaxBodyBytes = 1,
                MaxFailedItems = 0,
                MaxFailedPercent = 0,
                DeadlineSeconds = 0.001,
                Retry = Retry(1, 0, 0),
            }
        },
        {
            "the most",
            new BatchOptions
            {
                Concurrency = 10_000,
                RatePerSecond = 100_000,
                TimeoutSeconds = 86_400,
                MaxBodyBytes = int.MaxValue,
                MaxFailedItems = long.MaxValue,
                MaxFailedPercent = 100,
                DeadlineSeconds = 31_622_400,
                Retry = Retry(100, 3600, 3600),
            }
        },
    };

    public static TheoryData<string, BatchOptions> Forbidden { get; } = new()
    {
        { "concurrency is 0:", new BatchOptions { Concurrency = 0 } },
        { "concurrency is 10001:", new BatchOptions { Concurrency = 10_001 } },
        { "ratePerSecond is 0:", new BatchOptions { RatePerSecond = 0 } },
        { "ratePerSecond is 100001:", new BatchOptions { RatePerSecond = 100_001 } },
        { "ratePerSecond is NaN:", new BatchOptions { RatePerSecond = double.NaN } },
        { "timeoutSeconds is 0:", new BatchOptions { TimeoutSeconds = 0 } },
        { "timeoutSeconds is -1:", new BatchOptions { TimeoutSeconds = -1 } },
        { "timeoutSeconds is 86400.5:", new BatchOptions { TimeoutSeconds = 86_400.5 } },
        { "timeoutSeconds is NaN:", new BatchOptions { TimeoutSeconds = double.NaN } },
        { "maxBodyBytes is 0:", new BatchOptions { MaxBodyBytes = 0 } },
        { "maxBodyBytes is 2147483648:", new BatchOptions { MaxBodyBytes = 1L + int.MaxValue } },
        { "retry.maxAttempts is 0:", new BatchOptions { Retry = Retry(0, 1, 1) } },
        { "retry.maxAttempts is 101:", new BatchOptions { Retry = Retry(101, 1, 1) } },
        { "retry.firstDelaySeconds is -1:", new BatchOptions { Retry = Retry(1, -1, 1) } },
        { "retry.firstDelaySeconds is NaN:", new BatchOptions { Retry = Retry(1, double.NaN, 1) } },
        { "itemsPerActivity is 2: only 1", new BatchOptions { ItemsPerActivity = 2 } },
        { "maxFailedItems is -1: 0 or more, or null,", new BatchOptions { MaxFailedItems = -1 } },
        { "maxFailedPercent is 100.5: 0 to 100, or null,", new BatchOptions { MaxFailedPercent = 100.5 } },
        { "maxFailedPercent is -1:", new BatchOptions { MaxFailedPercent = -1 } },
        { "deadlineSeconds is 0: above 0 and up to 31622400, or null,", new BatchOptions { DeadlineSeconds = 0 } },
        { "deadlineSeconds is 31622401:", new BatchOptions { DeadlineSeconds = 31_622_401 } },
        { "retry.maxDelaySeconds is 3601:", new BatchOptions { Retry = Retry(1, 1, 3601) } },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Options_InRange_HaveNoError(string which, BatchOptions options)
    {
        Assert.True(!options.FindErrors().Any(), $"With {which}: {string.Join(' ', options.FindErrors())}");
    }

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Options_OutOfRange_AreNamedWithTheirValueAndWhatIsAllowed(string start, BatchOptions options)
    {
        string error = Assert.Single(options.FindErrors()).ToString();
        Assert.StartsWith(start, error, StringComparison.Ordinal);
        Assert.EndsWith("is allowed.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_SeveralOfThemOutOfRange_AreAllNamed()
    {
        var options = new BatchOptions { Concurrency = 0, TimeoutSeconds = 0, Retry = Retry(0, -1, -1) };
        Assert.Equal(
            ["concurrency", "timeoutSeconds", "retry.maxAttempts", "retry.firstDelaySeconds", "retry.maxDelaySeconds"],
            options.FindErrors().Select(error => error.Option));
        Assert.Equal("concurrency is 0: 1 to 10000 is allowed.", options.FindError());
    }

    static RetryOptions Retry(int attempts, double first, double longest) =>
        new() { MaxAttempts = attempts, FirstDelaySeconds = first, MaxDelaySeconds = longest };
}
