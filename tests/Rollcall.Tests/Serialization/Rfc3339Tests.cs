using System.Globalization;
using Rollcall.Serialization;

namespace Rollcall.Tests.Serialization;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-01-02T05:00:00Z", "2026-01-02T05:00:00Z")]
    [InlineData("2026-01-02t05:00:00z", "2026-01-02T05:00:00Z")]
    [InlineData("2026-01-02 05:00:00Z", "2026-01-02T05:00:00Z")]
    [InlineData("2026-01-02T05:00:00+05:30", "2026-01-01T23:30:00Z")]
    [InlineData("2026-01-02T05:00:00.25-00:00", "2026-01-02T05:00:00.25Z")]
    [InlineData("2026-01-02T05:00:00.123456789Z", "2026-01-02T05:00:00.1234567Z")]
    public void Time_IsFound_AndWrittenInUtc(string text, string utc) => Assert.Equal(utc, Rfc3339.Of(Rfc3339.Find(text)!.Value));

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-02")]
    [InlineData("2026-01-02T05:00:00")]
    [InlineData("2026-01-02T05:00Z")]
    [InlineData("2026-01-02T05:00:00.Z")]
    [InlineData("2026-01-02T05:00:00+0530")]
    [InlineData("2026-01-02T05:00:00 05:30")]
    [InlineData("2026-01-02T05:00:00Z\n")]
    [InlineData("2026-01-02T05:00:00Z 2026-01-02T05:00:00Z")]
    [InlineData("2026-02-30T05:00:00Z")]
    [InlineData("2026-01-02T24:00:00Z")]
    [InlineData("٢٠٢٦-01-02T05:00:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    public void Text_ThatIsNoTime_IsNotFound(string text) => Assert.Null(Rfc3339.Find(text));

    [Fact]
    public void Time_KeepsItsOffset() =>
        Assert.Equal(
            new DateTimeOffset(2026, 1, 2, 5, 0, 0, TimeSpan.FromHours(-3)).ToString("O", CultureInfo.InvariantCulture),
            Rfc3339.Find("2026-01-02T05:00:00-03:00")!.Value.ToString("O", CultureInfo.InvariantCulture));
}
