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
        var all = new Lanes(start, end, (number, lane) =>
        {
            Assert.InRange(lane, 0, atOnce - 1);
            var done = new TaskCompletionSource();
            waiting.Add((number, done));
            return done.Task;
        }).RunAsync(atOnce);
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
        await new Lanes(4, 4, (_, _) => throw new InvalidOperationException("There is nothing to do.")).RunAsync(3);
    }

    [Fact]
    public async Task Work_ThatFails_FailsTheWhole()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => new Lanes(0, 5, (number, _) =>
            number == 3 ? throw new InvalidOperationException("three") : Task.CompletedTask).RunAsync(2));
        Assert.Equal("three", failure.Message);
    }

    [Fact]
    public async Task Lanes_ThatAreMadeFewerAndMore_KeepToTheNumberAndDoAllOfTheWork()
    {
        var waiting = new Dictionary<int, TaskCompletionSource>();
        var lanes = new Lanes(0, 20, (_, lane) =>
        {
            waiting.Add(lane, new TaskCompletionSource());
            return waiting[lane].Task;
        });
        int done = 0;
        void End(int lane)
        {
            done++;
            Assert.True(waiting.Remove(lane, out var work), $"Lane {lane} has nothing under way.");
            work.SetResult();
        }

        var all = lanes.RunAsync(4);
        lanes.Resize(2);
        Assert.Equal(4, waiting.Count);
        End(3);
        End(0);
        Assert.Equal([0, 1, 2], waiting.Keys.Order());
        End(2);
        Assert.Equal([0, 1], waiting.Keys.Order());

        lanes.Resize(0);
        End(0);
        End(1);
        Assert.Empty(waiting);
        Assert.False(all.IsCompleted);

        lanes.Resize(3);
        while (waiting.Count > 0)
        {
            Assert.InRange(waiting.Count, 1, 3);
            End(waiting.Keys.Max());
        }

        await all;
        Assert.Equal(20, done);
    }
}
