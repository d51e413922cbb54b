using System.CommandLine;
using Rollcall.Batches;

namespace Rollcall.Cli.Commands;

/// <summary>The limits that a run which is retried may get. Those that are not given stay as they are.</summary>
sealed class RetryOptions
{
    readonly Option<int?> concurrency = new("--concurrency", "-c")
    {
        Description = "Maximum items in flight at once.",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<int>("concurrency")),
    };

    readonly Option<double?> rate = new("--rate")
    {
        Description = "Maximum requests per second, retries included.",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("ratePerSecond", "requests per second")),
    };

    readonly Option<int?> maxAttempts = new("--max-attempts")
    {
        Description = "Maximum attempts per item for transient failures.",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<int>("retry.maxAttempts")),
    };

    readonly Option<double?> maxWait = new("--max-wait")
    {
        Description = "How long an item is sent again that is refused (429, 503, 529) or finds nobody, from its first refusal.",
        HelpName = "SECONDS",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("retry.maxWaitSeconds", "seconds")),
    };

    readonly Option<double?> timeout = new("--timeout")
    {
        Description = "Time limit for one attempt, up to the last byte of the response body.",
        HelpName = "SECONDS",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("timeoutSeconds", "seconds")),
    };

    readonly Option<double?> deadline = new("--deadline")
    {
        Description = "Time limit for sending items, from the start of the retry. Items not sent by then become 'expired'.",
        HelpName = "SECONDS",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("deadlineSeconds", "seconds")),
    };

    readonly Option<long?> maxFailed = new("--max-failed")
    {
        Description = "Maximum items that fail in this retry. One more ends it early.",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<long>("maxFailedItems")),
    };

    readonly Option<double?> maxFailedPercent = new("--max-failed-percent")
    {
        Description = "The same as a percentage of all items of the run, 0 to 100.",
        HelpName = "P",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("maxFailedPercent")),
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { concurrency, rate, maxAttempts, maxWait, timeout, deadline, maxFailed, maxFailedPercent })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The options of a run with the limits that are given.</summary>
    public BatchOptions Change(ParseResult parsed, BatchOptions before) => before with
    {
        Concurrency = parsed.GetValue(concurrency) ?? before.Concurrency,
        RatePerSecond = parsed.GetValue(rate) ?? before.RatePerSecond,
        TimeoutSeconds = parsed.GetValue(timeout) ?? before.TimeoutSeconds,
        DeadlineSeconds = parsed.GetValue(deadline) ?? before.DeadlineSeconds,
        MaxFailedItems = parsed.GetValue(maxFailed) ?? before.MaxFailedItems,
        MaxFailedPercent = parsed.GetValue(maxFailedPercent) ?? before.MaxFailedPercent,
        Retry = before.Retry with
        {
            MaxAttempts = parsed.GetValue(maxAttempts) ?? before.Retry.MaxAttempts,
            MaxWaitSeconds = parsed.GetValue(maxWait) ?? before.Retry.MaxWaitSeconds,
        },
    };
}
