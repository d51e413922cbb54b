using Rollcall.Batches;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Running;

/// <summary>Waits for what a run of this machine records, as long as a process works on it.</summary>
/// <param name="number">Which run of the batch, from 1.</param>
sealed class LocalRunWatch(LocalRun run, int number)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    long aliveAt = TimeProvider.System.GetTimestamp();

    /// <summary>Notes that the run has recorded something.</summary>
    public void NoteProgress() => aliveAt = TimeProvider.System.GetTimestamp();

    /// <summary>Waits for a while.</summary>
    /// <param name="lines">How many results were written so far.</param>
    /// <param name="next">The item to continue with.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>The receipt of the run; null if it has not ended.</returns>
    /// <exception cref="CliException">Nothing works on the run any more, or it was started over.</exception>
    public async Task<Receipt?> WaitAsync(long lines, long next, CancellationToken stop)
    {
        await Task.Delay(Pause, TimeProvider.System, stop);
        if (TimeProvider.System.GetElapsedTime(aliveAt) < Silence)
        {
            return await run.FindReceiptAsync(number);
        }

        // In this order, because a run that ends stores its receipt before it gives up the lock.
        bool isHeld = StateLock.IsHeld(run.Folder.Root);
        if (await run.FindReceiptAsync(number) is { } receipt)
        {
            return receipt;
        }

        if (!isHeld)
        {
            throw CliException.NotFinished(
                $"The run in '{run.Folder.Root}' was stopped. {CountsText.Of(lines)} results were written. Run its command again to resume "
                + $"it, and follow it with --from {next}.");
        }

        if ((await LocalRun.ReadFileAsync(run.Folder.Root)).BatchId != run.Content.BatchId)
        {
            throw CliException.NotFinished($"The run in '{run.Folder.Root}' was started over with --fresh.");
        }

        NoteProgress();
        return null;
    }
}
