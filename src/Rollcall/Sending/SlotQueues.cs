using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>The slot queues of the batches that this process sends.</summary>
/// <param name="ledger">Where slots are taken.</param>
sealed class SlotQueues(ISlotLedger ledger, TimeProvider time)
{
    const int Remembered = 1000;

    readonly Lock gate = new();
    readonly Dictionary<(string Id, DateTimeOffset CreatedAt), SlotQueue> queues = [];

    /// <summary>How late this process uses its slots.</summary>
    public Punctuality Punctuality { get; } = new();

    /// <summary>The queue of a batch. The batch keeps it until the sender has left it.</summary>
    public SlotQueue Enter(BatchManifest manifest)
    {
        // The id alone could also be that of a batch that was just deleted.
        var key = (manifest.Id, manifest.CreatedAt);
        lock (gate)
        {
            if (!queues.TryGetValue(key, out var queue))
            {
                foreach (var idle in queues.Count < Remembered ? [] : queues.Where(other => other.Value.IsIdle).ToList())
                {
                    queues.Remove(idle.Key);
                }

                queues[key] = queue = new SlotQueue(manifest, ledger, Punctuality, time);
            }

            queue.Users++;
            return queue;
        }
    }

    /// <summary>Leaves a queue.</summary>
    public void Leave(SlotQueue queue)
    {
        lock (gate)
        {
            queue.Users--;
        }
    }
}
