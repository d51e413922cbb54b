using CsCheck;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Tests.Building;
using Rollcall.Tests.Results;

namespace Rollcall.Tests.Orchestration;

public sealed class WholeBatchPropertyTests
{
    static readonly Gen<(int[] Kinds, int ItemsPerShard, int[] Order)> Runs = Gen.Select(Gen.Int[0, 99].Array[1, 2500], Gen.Int[1, 400])
        .SelectMany((kinds, itemsPerShard) => Gen.Shuffle(Enumerable.Range(0, kinds.Length).ToArray())
            .Select(order => (kinds, Math.Max(itemsPerShard, kinds.Length / 20), order)));

    /// <summary>Any number of items, ended in any order with any outcomes, and one shard written twice.</summary>
    [Fact]
    public async Task Batch_OfAnySizeEndedInAnyOrder_HasOneResultForEachItemInInputOrder()
    {
        await Runs.SampleAsync(
            async (kinds, itemsPerShard, order) =>
            {
                using var batch = await TestBatch.Of(kinds.Length, itemsPerShard);
                var outcomes = new ItemOutcome[kinds.Length];
                foreach (int index in order)
                {
                    outcomes[index] = await OutcomeAsync(batch, index, kinds[index]);
                    batch.Progress.ItemEnded(index / itemsPerShard, outcomes[index]);
                }

                int[] shards = [.. order.Select(index => index / itemsPerShard).Distinct()];
                foreach (int shard in shards.Append(shards[0]))
                {
                    await batch.WriteShardAsync(shard, [.. outcomes.Skip(shard * itemsPerShard).Take(itemsPerShard)]);
                }

                await batch.SealAsync();
                await AssertWholeAsync(batch, outcomes);
            },
            iter: 8,
            threads: 1);
    }

    static async Task<ItemOutcome> OutcomeAsync(TestBatch batch, int index, int kind)
    {
        switch (kind)
        {
            case < 11:
                return TestOutcome.Failed(index, (ItemErrorCode)kind);
            case < 15:
                return TestOutcome.Failed(index, ItemErrorCode.HttpStatus, httpStatus: 500) with { Body = TestOutcome.Text("down") };
            case < 17:
                return new ItemOutcome { Index = index, Status = OutcomeStatus.Cancelled };
            case 17 when index % 7 == 0:
                var body = await batch.StoreBodyAsync(
                    index / batch.Manifest.ItemsPerShard,
                    TestBytes.Random(5000 + (index * 50)),
                    isText: false);
                return TestOutcome.Succeeded(index) with { Body = body };
            default:
                return TestOutcome.Succeeded(index, $$"""{"echo":{{index}}}""");
        }
    }

    static async Task AssertWholeAsync(TestBatch batch, ItemOutcome[] outcomes)
    {
        var expected = new OutcomeCounts();
        var lines = await batch.ResultsAsync();
        Assert.Equal(outcomes.Length, lines.Count);
        for (int i = 0; i < outcomes.Length; i++)
        {
            expected.Add(outcomes[i].Status, outcomes[i].HttpStatus, outcomes[i].Error?.Code);
            Assert.Equal(i, lines[i].GetProperty("index").GetInt32());
            Assert.Equal($"item-{i}", lines[i].GetProperty("id").GetString());
            if (outcomes[i].Body is { } body)
            {
                Assert.Equal(body.Sha256, TestOutcome.Sha256Of(ResultLines.BodyOf(lines[i])));
            }
        }

        var receipt = await batch.ReceiptAsync();
        Assert.Equal(outcomes.Length, receipt.Outcomes);
        Assert.Equivalent(expected, receipt.Counts, strict: true);
        Assert.Equivalent(expected, batch.Progress.Snapshot().Counts, strict: true);
        using var whole = new MemoryStream();
        for (int shard = 0; shard < batch.Manifest.ShardCount(); shard++)
        {
            await whole.WriteAsync(await batch.ResultsOfAsync(shard));
        }

        Assert.Equal(TestOutcome.Sha256Of(whole.ToArray()), receipt.Sha256);
    }
}
