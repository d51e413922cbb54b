using Rollcall.Batches;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Tests.Terminal;

public sealed class SentenceTests
{
    [Theory]
    [InlineData("Too many open files", "Too many open files.")]
    [InlineData("No space left on device. ", "No space left on device.")]
    [InlineData("Really?", "Really?")]
    public void Text_OfTheSystem_EndsAsASentence(string text, string expected) => Assert.Equal(expected, Sentence.Of(text));

    [Fact]
    public void Rate_OfARun_IsThatOfTheItemsThatWereSent()
    {
        var time = new SteppedTime();
        var counts = new OutcomeCounts();
        var meter = new ProgressMeter(total: 1000, () => counts, time);
        counts = new OutcomeCounts { Succeeded = 15, Failed = 5, Cancelled = 700, Expired = 100 };
        time.Seconds = 2;

        var sample = meter.Take();

        Assert.Equal(10, sample.PerSecond);
        Assert.Equal(TimeSpan.FromSeconds(18), sample.TimeLeft);
    }

    sealed class SteppedTime : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
