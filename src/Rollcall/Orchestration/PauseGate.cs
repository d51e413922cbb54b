using Microsoft.DurableTask;

namespace Rollcall.Orchestration;

/// <summary>
/// Makes a shard's items wait while their batch is paused. One of them checks on behalf of all, less and less often, so that a long pause
/// costs next to nothing; a resume wakes it.
/// </summary>
sealed class PauseGate(TaskOrchestrationContext context)
{
    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);

    readonly WakeSignal woken = new();
    readonly WakeSignal opened = new();
    TimeSpan wait;
    long? asker;

    /// <summary>Waits until the batch is not known to be paused, or it is this item that has to check.</summary>
    public async Task WaitAsync(long item)
    {
        while (asker is { } other && other != item)
        {
            await opened.Next;
        }
    }

    /// <summary>Records that the batch is paused. The first item that finds out waits until it is worth checking again.</summary>
    /// <param name="item">The item that found out.</param>
    public async Task CloseAsync(long item, TimeSpan longest)
    {
        if (asker is { } other && other != item)
        {
            return;
        }

        wait = asker is null ? FirstWait : 2 * wait;
        wait = wait < longest ? wait : longest;
        asker = item;
        await context.SleepAsync(wait, woken);
    }

    /// <summary>Lets all items continue if the checking item has found that the batch is not paused.</summary>
    /// <param name="item">The item that found out.</param>
    public void Open(long item)
    {
        if (asker == item)
        {
            asker = null;
            opened.Set();
        }
    }

    /// <summary>Makes the checking item check now.</summary>
    public void Wake() => woken.Set();
}
