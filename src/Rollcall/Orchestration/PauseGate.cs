using Microsoft.DurableTask;

namespace Rollcall.Orchestration;

/// <summary>
/// Has a shard's items wait while their batch is paused. One of them asks on behalf of all, less and less often, so that a long pause costs
/// next to nothing; a resume wakes it.
/// </summary>
sealed class PauseGate(TaskOrchestrationContext context)
{
    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);

    readonly WakeSignal woken = new();
    readonly WakeSignal opened = new();
    TimeSpan wait;
    long? asker;

    /// <summary>Waits until the batch is not known to be paused, or the item is the one to ask.</summary>
    /// <param name="item">The item that waits.</param>
    public async Task WaitAsync(long item)
    {
        while (asker is { } other && other != item)
        {
            await opened.Next;
        }
    }

    /// <summary>Notes that the batch is paused. The first item that finds it so waits until it is worth asking again.</summary>
    /// <param name="item">The item that found it.</param>
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

    /// <summary>Lets all items go on, where the item that asks has found that the batch is not paused.</summary>
    /// <param name="item">The item that found it.</param>
    public void Open(long item)
    {
        if (asker == item)
        {
            asker = null;
            opened.Set();
        }
    }

    /// <summary>Has the item that asks do so now.</summary>
    public void Wake() => woken.Set();
}
