using Rollcall.Progress;

namespace Rollcall.Tests.Progress;

public sealed class RecentItemsTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Rate_OfLate_LeavesOutWhatIsLongAgo()
    {
        var recent = new RecentItems();
        for (int second = 0; second < 60; second++)
        {
            recent.Add(Now.AddSeconds(second - 59), second < 30 ? 1000 : 10);
        }

        Assert.Equal(RecentItems.Seconds, recent.BySecond.Count);
        Assert.Equal(10, recent.PerSecond(Now, Now.AddHours(-1)), 1d);
        Assert.Equal(0, recent.PerSecond(Now.AddMinutes(1), Now.AddHours(-1)));
    }

    [Fact]
    public void Rate_OfABatchThatHasJustBegun_IsOverItsOwnTime()
    {
        var recent = new RecentItems();
        recent.Add(Now, 20);
        recent.Add(Now.AddSeconds(1), 20);
        Assert.Equal(20, recent.PerSecond(Now.AddSeconds(2), Now), 0.1);
    }

    [Fact]
    public void Items_OfTwo_AreAddedBySecond()
    {
        var one = new RecentItems();
        one.Add(Now, 1);
        var other = new RecentItems();
        other.Add(Now, 2);
        other.Add(Now.AddSeconds(1), 3);
        one.Add(other);
        Assert.Equal([3, 3], one.BySecond.Values);
    }
}
