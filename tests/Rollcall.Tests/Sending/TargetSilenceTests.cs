using Microsoft.Extensions.Time.Testing;
using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class TargetSilenceTests
{
    static readonly Uri Url = new("http://127.0.0.1:8080/score?key=secret");

    readonly FakeTimeProvider time = new();
    readonly List<string> notes = [];
    readonly TargetSilence silence;

    public TargetSilenceTests() => silence = new TargetSilence(time, notes.Add, TimeSpan.FromSeconds(30));

    [Fact]
    public void Silence_FromTheStart_IsToldOnceAndEndsTheSending()
    {
        Assert.Null(Continue());
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(Continue());
        time.Advance(TimeSpan.FromSeconds(24.9));
        Assert.Null(Continue());
        Assert.Equal(["Nobody answers at http://127.0.0.1:8080. Connection refused."], notes);

        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(notes[0], Continue());
    }

    [Fact]
    public void Silence_AfterAResponse_IsToldEachTimeAndEndsNothing()
    {
        for (int times = 0; times < 2; times++)
        {
            silence.Break();
            Assert.Null(Continue());
            time.Advance(TimeSpan.FromHours(1));
            Assert.Null(Continue());
            Assert.Null(Continue());
        }

        Assert.Equal(2, notes.Count);
    }

    string? Continue() => silence.Continue(Url, "Connection refused.");
}
