using CsCheck;
using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class SendSlotsTests
{
    static readonly DateTimeOffset Origin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Slots_OfAllLanes_NeverHaveMoreThanTheRateInASecond()
    {
        Gen.Select(Gen.Double[0.5, 500], Gen.Int[1, 300], Gen.Double[0, 1e7]).Sample((rate, lanes, after) =>
        {
            var from = Origin.AddSeconds(after);
            var slots = new List<DateTimeOffset>();
            for (int lane = 0; lane < lanes; lane++)
            {
                var own = new SendSlots(Origin, rate, lane, lanes);
                for (var slot = own.NextAt(from); slot < from.AddSeconds(3); slot = own.NextAt(slot.AddTicks(1)))
                {
                    slots.Add(slot);
                }
            }

            slots.Sort();
            int most = slots.Select((slot, i) => slots.Skip(i).TakeWhile(other => other < slot.AddSeconds(1)).Count()).DefaultIfEmpty().Max();
            Assert.True(most <= Math.Ceiling(rate), $"{most} slots are in one second, at {rate} a second on {lanes} lanes.");
        }, iter: 200);
    }

    [Fact]
    public void NextAt_AtAnyTime_IsTheLanesOwnAndWithinOneTurn()
    {
        Gen.Select(Gen.Double[0.001, 100_000], Gen.Int[1, 10_000], Gen.Int[0, 9_999], Gen.Double[0, 1e7]).Sample((rate, lanes, number, after) =>
        {
            var own = new SendSlots(Origin, rate, number % lanes, lanes);
            var now = Origin.AddSeconds(after);
            var slot = own.NextAt(now);
            Assert.True(slot >= now, $"The slot {slot:O} had begun at {now:O}.");

            double firstSeconds = number % lanes / rate;
            double wait = (slot - now).TotalSeconds;
            Assert.True(wait <= Math.Max(lanes / rate, firstSeconds - after) + 0.001, $"{wait} s is longer than a turn.");
        });
    }

    [Fact]
    public void Slots_OfTwoLanes_Alternate()
    {
        var even = new SendSlots(Origin, 10, 0, 2);
        var odd = new SendSlots(Origin, 10, 1, 2);
        Assert.Equal([0, 200, 200, 400], Milliseconds(even, 0, 1, 200, 201));
        Assert.Equal([100, 100, 300, 300], Milliseconds(odd, 0, 100, 101, 300));
    }

    static double[] Milliseconds(SendSlots slots, params double[] at) =>
        [.. at.Select(milliseconds => (slots.NextAt(Origin.AddMilliseconds(milliseconds)) - Origin).TotalMilliseconds)];
}
