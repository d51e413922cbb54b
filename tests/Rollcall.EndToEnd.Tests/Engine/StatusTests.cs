namespace Rollcall.EndToEnd.Tests.Engine;

/// <summary>What is told of a batch while its shards, and then the batch itself, end.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task Status_ReadAtEveryStepOfTheEndsOfShardsAndBatch_NeverStepsBack()
    {
        const int Items = 1500;
        await using var fixture = new EngineFixture();
        var read = new List<long>();
        var running = fixture.RunAsync(Items, index => Task.FromResult(EngineFixture.Success(index)), itemsPerShard: 1);
        while (!running.IsCompleted)
        {
            if (await fixture.FindAsync() is { } execution)
            {
                read.Add(execution.Status.Tally.Counts.Total());
            }
        }

        var (state, _) = await running;
        Assert.Equal(DurableTask.Core.OrchestrationStatus.Completed, state.OrchestrationStatus);
        Assert.DoesNotContain(read.Zip(read.Skip(1)), pair => pair.Second < pair.First);
        Assert.Equal(Items, (await fixture.FindAsync())!.Status.Tally.Counts.Total());
    }
}
