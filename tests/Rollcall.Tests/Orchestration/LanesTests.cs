using Rollcall.Orchestration;

namespace Rollcall.Tests.Orchestration;

public sealed class LanesTests
{
    [Theory]
    [InlineData(0, 10, 3)]
    [InlineData(5, 6, 3)]
    [InlineData(0, 100, 1)]
    [InlineData(0, 7, 50)]
    public async Task Work_OfARange_IsDoneOnceEachWithABoundAndASlotIsFilledAsItIsFree(int start, int end, int atOnce)
    {
        var waiting = new List<(int Number, TaskCompletionSource Done)>();
        var all = Lanes.RunAsync(start, end, atOnce, (number, lane) =>
        {
            Assert.InRange(lane, 0, atOnce - 1);
            var done = new TaskCompletionSource();
            waiting.Add((number, done));
            return done.Task;
        });
        var numbers = new List<int>();
        for (int left = end - start; left > 0; left--)
        {
            Assert.False(all.IsCompleted);
            Assert.Equal(Math.Min(atOnce, left), waiting.Count);

            // The last one first: a slot is filled whichever ends.
            var (number, done) = waiting[^1];
            waiting.RemoveAt(waiting.Count - 1);
            numbers.Add(number);
            done.SetResult();
        }

        await all;
        Assert.Equal(Enumerable.Range(start, end - start), numbers.Order());
    }

    [Fact]
    public async Task Work_OfAnEmptyRange_EndsAtOnce()
    {
        await Lanes.RunAsync(4, 4, 3, (_, _) => throw new InvalidOperationException("There is nothing to do."));
    }

    [Fact]
    public async Task Work_ThatFails_FailsTheWhole()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Lanes.RunAsync(0, 5, 2, (number, _) =>
            number == 3 ? throw new InvalidOperationException("three") : Task.CompletedTask));
        Assert.Equal("three", failure.Message);
    }
}
