using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="SelectItems"/>.</summary>
/// <param name="Run">The run that sends items again, from 2.</param>
/// <param name="Shard">The shard, from 0.</param>
public sealed record ShardAddress(string BatchId, int Run, int Shard);

/// <summary>Selects the items of a shard that a redrive sends again, by their outcomes in the earlier runs.</summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="controls">Knows which items the redrive is for.</param>
[DurableTask(nameof(SelectItems))]
public sealed class SelectItems(IBatchStore store, BatchControls controls) : TaskActivity<ShardAddress, IReadOnlyList<long>>
{
    /// <inheritdoc/>
    public override async Task<IReadOnlyList<long>> RunAsync(TaskActivityContext context, ShardAddress input)
    {
        var manifest = await store.GetManifestAsync(input.BatchId);
        var control = await controls.ReadAsync(manifest, CancellationToken.None);
        await using var results = await RunResults.OpenAsync(
            store,
            input.BatchId,
            input.Run - 1,
            input.Shard,
            receipt: null,
            CancellationToken.None)
            ?? throw new InvalidOperationException(
                $"Shard {input.Shard} of batch '{input.BatchId}' has no results before run {input.Run}.");
        var reader = new ResultReader(results, []);
        var selected = new List<long>();
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            if (IsSelected(line, control))
            {
                selected.Add(line.Index);
            }
        }

        return selected;
    }

    /// <summary>Whether a redrive sends an item again.</summary>
    /// <param name="line">The item's outcome.</param>
    /// <param name="control">Says which items the redrive is for.</param>
    internal static bool IsSelected(ResultLine line, BatchControl control) =>
        line.Status != OutcomeStatus.Succeeded
            && (control is { OnlyCodes: null, OnlyStatuses: null }
                || (line.ErrorCode is { } code && control.OnlyCodes?.Contains(code) == true)
                || (line.HttpStatus is { } status && control.FindStatuses()?.Contains(status) == true));
}
