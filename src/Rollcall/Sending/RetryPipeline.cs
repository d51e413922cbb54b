using Polly;
using Polly.Retry;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>When a failed attempt is made again, and after how long.</summary>
static class RetryPipeline
{
    // RFC 9110, section 15: 408 and 425 ask for another attempt; 429, 502, 503 and 504 tell of a state that passes; 500 mostly does.
    static readonly int[] PassingStatuses = [408, 425, 429, 500, 502, 503, 504];

    static readonly ItemErrorCode[] PassingErrors = [ItemErrorCode.Connect, ItemErrorCode.Dns, ItemErrorCode.BodyIncomplete, ItemErrorCode.Timeout];

    /// <summary>Makes the pipeline for a batch's options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="time">The clock that the waits go by.</param>
    /// <param name="random">Random numbers from 0 up to 1.</param>
    /// <returns>The pipeline.</returns>
    public static ResiliencePipeline<ItemOutcome> Create(RetryOptions options, TimeProvider time, Func<double> random)
    {
        if (options.MaxAttempts == 1)
        {
            return ResiliencePipeline<ItemOutcome>.Empty;
        }

        return new ResiliencePipelineBuilder<ItemOutcome> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<ItemOutcome>
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } outcome && IsPassing(outcome)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Delay(options, arguments.AttemptNumber, random())),
            })
            .Build();
    }

    static bool IsPassing(ItemOutcome outcome) =>
        outcome.Error is { } error
            && (PassingErrors.Contains(error.Code)
                || (error.Code == ItemErrorCode.HttpStatus && PassingStatuses.Contains(outcome.HttpStatus.GetValueOrDefault())));

    /// <summary>
    /// Full jitter: a random wait below an exponential bound, which spreads the retries of many items best (M. Brooker, "Exponential
    /// Backoff and Jitter", AWS Architecture Blog, 2015).
    /// </summary>
    static TimeSpan Delay(RetryOptions options, int attempt, double random) =>
        TimeSpan.FromSeconds(random * Math.Min(options.MaxDelaySeconds, options.FirstDelaySeconds * Math.Pow(2, attempt)));
}
