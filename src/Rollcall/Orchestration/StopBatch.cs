using System.Globalization;
using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>Stops a batch in which more items failed than its options allow, unless it has stopped already.</summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="controls">Make the stop take effect everywhere.</param>
[DurableTask(nameof(StopBatch))]
public sealed class StopBatch(IBatchStore store, BatchControls controls, TimeProvider time) : TaskActivity<string, BatchStop>
{
    /// <inheritdoc/>
    public override async Task<BatchStop> RunAsync(TaskActivityContext context, string input)
    {
        var manifest = await store.GetManifestAsync(input);
        var stop = new BatchStop(StopKind.Failed, $"More items failed than are allowed: {Describe(manifest.Options)}.", time.GetUtcNow());
        return (await controls.ChangeAsync(manifest, control => control.Stopped(stop), CancellationToken.None)).Stop!;
    }

    static string Describe(BatchOptions options)
    {
        var bounds = new List<string>();
        if (options.MaxFailedItems is { } items)
        {
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"at most {items} items"));
        }

        if (options.MaxFailedPercent is { } percent)
        {
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"at most {percent} % of the items"));
        }

        return string.Join(" and ", bounds);
    }
}
