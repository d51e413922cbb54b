using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Client;

/// <summary>Polls a batch's status until it ends. Tolerates a server that does not respond for about ten minutes.</summary>
/// <param name="first">The batch's first status.</param>
/// <param name="note">Receives a sentence when the server stops responding, and when it responds again.</param>
sealed class BatchWatch(ServerClient client, BatchStatus first, Action<string> note, TimeProvider time)
{
    // With the delays below, about ten minutes without a response.
    const int MaxRetries = 62;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    volatile BatchStatus last = first;

    /// <summary>The latest status.</summary>
    public BatchStatus Last => last;

    /// <summary>Whether a batch has ended.</summary>
    public static bool HasEnded(BatchStatus status) =>
        EndedStates.All.Contains(status.Status) || status.Status == BatchState.Rejected;

    /// <summary>Waits for the end.</summary>
    /// <param name="changed">Receives the first status, and each one that differs from the one before.</param>
    /// <param name="cancellationToken">Ends the wait, not the batch.</param>
    /// <returns>The last status.</returns>
    /// <exception cref="ServerException">The server did not respond for too long, or no longer knows the batch.</exception>
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

    // Other fields change only together with these, or with the clock.
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
                    note("The server is responding again.");
                }

                return status;
            }
            catch (ServerException exception) when (exception.IsTransient && retries < MaxRetries)
            {
                if (!wasAway)
                {
                    wasAway = true;
                    note($"{Sentence.Of(exception.Message)} Retrying for about ten minutes; the batch does not depend on this connection.");
                }
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = 2 * delay < MaxDelay ? 2 * delay : MaxDelay;
        }
    }
}
