using Microsoft.Extensions.Time.Testing;
using Rollcall.Batches;
using Rollcall.Notices;

namespace Rollcall.Tests.Notices;

public sealed class NoticeScheduleTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    readonly FakeTimeProvider time = new(Start);

    [Fact]
    public void Attempts_OfADayThatAllFail_AreMadeAtTheStandardsDelaysAndAtItsEnd()
    {
        var made = MakeAttempts(_ => null, random: 0);

        Assert.Equal(
            [
                TimeSpan.Zero,
                TimeSpan.FromSeconds(5),
                new TimeSpan(0, 5, 5),
                new TimeSpan(0, 35, 5),
                new TimeSpan(2, 35, 5),
                new TimeSpan(7, 35, 5),
                new TimeSpan(17, 35, 5),
                TimeSpan.FromDays(1),
            ],
            made);
    }

    [Fact]
    public void Waits_AtTheirLongest_AreATenthLongerAndEndWithTheDay()
    {
        var made = MakeAttempts(_ => null, random: 1);

        Assert.Equal(TimeSpan.FromSeconds(5.5), made[1]);
        Assert.Equal(TimeSpan.FromDays(1), made[^1]);
        Assert.Equal(8, made.Count);
    }

    [Fact]
    public void Wait_ThatTheReceiverAskedFor_IsKeptWhereItIsLonger()
    {
        var made = MakeAttempts(attempts => attempts == 1 ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(1), random: 0);

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromHours(1), new TimeSpan(1, 5, 0)], made.Take(3));
    }

    [Fact]
    public void Wait_ThatTheReceiverAskedForBeyondTheDay_EndsWithTheDay()
    {
        var made = MakeAttempts(_ => TimeSpan.FromDays(30), random: 0);

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromDays(1)], made);
    }

    List<TimeSpan> MakeAttempts(Func<int, TimeSpan?> asked, double random)
    {
        var attempts = new List<NoticeAttempt>();
        TimeSpan? wait;
        do
        {
            attempts.Add(new NoticeAttempt(time.GetUtcNow(), 0, 500, "no"));
            wait = NoticeSchedule.WaitAfter(attempts, time.GetUtcNow(), asked(attempts.Count), random);
            time.Advance(wait ?? TimeSpan.Zero);
            Assert.True(attempts.Count < 100, "The attempts do not end.");
        }
        while (wait is not null);

        return [.. attempts.Select(attempt => attempt.At - Start)];
    }
}
