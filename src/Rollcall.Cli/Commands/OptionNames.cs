using Rollcall.Batches;

namespace Rollcall.Cli.Commands;

/// <summary>What the command line calls that which the API has another name for.</summary>
static class OptionNames
{
    static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["concurrency"] = "--concurrency",
        ["ratePerSecond"] = "--rate",
        ["timeoutSeconds"] = "--timeout",
        ["maxBodyBytes"] = "--max-body-bytes",
        ["followRedirects"] = "--follow-redirects",
        ["maxFailedItems"] = "--max-failed",
        ["maxFailedPercent"] = "--max-failed-percent",
        ["deadlineSeconds"] = "--deadline",
        ["retry.maxAttempts"] = "--max-attempts",
        ["retry.onTimeout"] = "--no-retry-timeouts",
    };

    /// <summary>The name of a batch's option; that of the API where the command line has none.</summary>
    public static string Of(OptionField field) => Names.GetValueOrDefault(field.Name, field.Name);
}
