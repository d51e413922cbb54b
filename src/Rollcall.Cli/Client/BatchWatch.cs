using Rollcall.Api.Answers;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Client;

/// <summary>Asks for a batch's status until it ends, through a time in which the server does not answer.</summary>
/// <param name="first">How the batch was at first.</param>
/// <param name="note">Told in a sentence when the server is away, and when it is back.</param>
sealed class BatchWatch(ServerClient client, BatchStatus first, Action<string> note, TimeProvider time)
{
    // With the delays below, about ten minutes without an answer.
    const int MaxRetries = 62;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    volatile BatchStatus last = first;

    /// <summary>How the batch was of late.</summary>
    public BatchStatus Last => last;

    /// <summary>Whether a batch is at its end.</summary>
    public static bool HasEnded(BatchStatus status) =>
        EndedStates.All.Contains(status.Status) || status.Status == BatchState.Rejected;

    /// <summary>Waits for the end.</summary>
    /// <param name="changed">Told of each status that differs from the one before, and of the first.</param>
    /// <param name="cancellationToken">Ends the wait, not the batch.</param>
    /// <returns>How the batch ended.</returns>
    /// <exception cref="ServerException">The server was away for too long, or no longer knows the batch.</exception>
    public async Task<BatchStatus> WaitAsync(Action<BatchStatus> changed, CancellationToken cancellationToken)
    {
        changed(last);
        while (!HasEnded(last))
        {
            await Task.Delay(Interval, time, cancellationToken);
            var status = await AskAsync(cancellationToken);
            bool isChanged = ChangingOf(status) != ChangingOf(last);
            last = status;
            if (isChanged)
            {
                changed(status);
            }
        }

        return last;
    }

    // The rest goes with these, or with the clock.
    static (BatchState, int?, long?, int?, double?, string?) ChangingOf(BatchStatus status) =>
        (status.Status, status.Run, status.Done, status.Concurrency, status.RatePerSecond, status.Error);

    async Task<BatchStatus> AskAsync(CancellationToken cancellationToken)
    {
        bool wasAway = false;
        var delay = Interval;
        for (int retries = 0; ; retries++)
        {
            try
            {
                var status = await client.GetStatusAsync(last.Id, cancellationToken);
                if (wasAway)
                {
                    note("The server answers again.");
                }

                return status;
            }
            catch (ServerException exception) when (exception.MayPass && retries < MaxRetries)
            {
                if (!wasAway)
                {
                    wasAway = true;
                    note($"{Sentence.Of(exception.Message)} Trying again for about ten minutes; the batch does not depend on it.");
                }
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = 2 * delay < MaxDelay ? 2 * delay : MaxDelay;
        }
    }
}
