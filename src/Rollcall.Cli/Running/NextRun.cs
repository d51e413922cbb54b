using Rollcall.Batches;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Running;

/// <summary>The next run of a batch, which sends items again that did not succeed.</summary>
/// <param name="Before">The receipt of the run before.</param>
/// <param name="Only">Which of them it sends; null for all.</param>
/// <param name="Items">How many it sends.</param>
sealed record NextRun(Receipt Before, RetryChoice? Only, long Items)
{
    /// <summary>How many of them have corrected payloads.</summary>
    public long Corrected { get; init; }

    /// <summary>The next run after one that ended early: it sends every item that did not succeed.</summary>
    public static NextRun After(Receipt before) => new(before, Only: null, before.Items - before.Counts.Succeeded);

    /// <summary>The control of the batch with which the run begins.</summary>
    /// <param name="before">The current control. If another process has begun the run already, nothing changes.</param>
    public BatchControl Begin(BatchControl before, DateTimeOffset now) =>
        before.Run == Before.Run ? before.Redriven(now, Only?.Codes, Only?.Statuses) : before;

    /// <summary>Says what is about to be sent.</summary>
    /// <param name="changes">See <see cref="RunChanges.Describe"/>.</param>
    public string Describe(string changes)
    {
        long others = Before.Items - Before.Counts.Succeeded;
        string sent = Items == others
            ? $"the other {CountsText.Of(others)} {(others == 1 ? "is" : "are")} sent"
            : $"of the other {CountsText.Of(others)}, {CountsText.Of(Items)} {(Items == 1 ? "is" : "are")} sent";
        string kept = $"{CountsText.Of(Before.Counts.Succeeded)} of {CountsText.Of(Before.Items)} items succeeded and are kept";
        string corrected = Corrected == 0 ? "" : $", but {CountsText.Of(Corrected)} with corrected payloads and new keys";
        return $"Resuming{changes}: {kept}, {sent} with the same Idempotency-Keys as before{corrected}."
            + (Before.Stop is { } stop ? $" The run ended early: {PlainText.Of(stop.Reason)}" : "");
    }

    /// <summary>Says why there is nothing to send.</summary>
    public string DescribeNothing() => Only is null || Before.Counts.Succeeded == Before.Items
        ? $"All {CountsText.Of(Before.Items)} items succeeded, so there is nothing to send again."
        : $"None of the {CountsText.Of(Before.Items - Before.Counts.Succeeded)} items that did not succeed has {Only}. Nothing was sent.";
}
