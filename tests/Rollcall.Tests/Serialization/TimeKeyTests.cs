using Rollcall.Serialization;

namespace Rollcall.Tests.Serialization;

public sealed class TimeKeyTests
{
    static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1));

    public static TheoryData<DateTimeOffset> Times { get; } = [Time, DateTimeOffset.MinValue, DateTimeOffset.MaxValue];

    [Theory]
    [MemberData(nameof(Times))]
    public void Key_OfATime_IsReadBack(DateTimeOffset time)
    {
        Assert.Equal(time, TimeKey.Find(TimeKey.Of(time)));
        Assert.Equal(time, TimeKey.OppositeOf(TimeKey.OppositeOf(time)));
    }

    [Fact]
    public void Keys_InAscendingOrder_AreThoseOfTheirTimes()
    {
        var later = Time.AddTicks(1);
        Assert.True(string.CompareOrdinal(TimeKey.Of(Time), TimeKey.Of(later)) < 0);
        Assert.True(string.CompareOrdinal(TimeKey.Of(TimeKey.OppositeOf(Time)), TimeKey.Of(TimeKey.OppositeOf(later))) > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("638")]
    [InlineData("-000000000000000001")]
    [InlineData("9999999999999999999")]
    [InlineData("00000000000000000001")]
    public void Text_ThatIsNoKey_IsNotFound(string text) => Assert.Null(TimeKey.Find(text));
}
