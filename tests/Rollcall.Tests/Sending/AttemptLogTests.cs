using Rollcall.Items;
using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class AttemptLogTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Refusals_ByTheThousand_AreFewEntriesAndAllCounted()
    {
        var log = new AttemptLog([]);
        for (int made = 0; made < 5000; made++)
        {
            // Each activity begins with what the one before recorded.
            log = new AttemptLog(log.All);
            log.Add(new Attempt(Start.AddSeconds(made), made, made % 2 == 0 ? 429 : 503, ItemErrorCode.HttpStatus));
        }

        Assert.Equal((5000, 0, Start), (log.Made, log.Counted, log.RefusedSince));
        Assert.Equal(AttemptLog.RefusalsKept, log.All.Count);
        Assert.Equal(new Attempt(Start.AddSeconds(9), 4999, 503, ItemErrorCode.HttpStatus, 4991), log.All[^1]);
    }

    [Fact]
    public void Failures_AmongManyRefusals_KeepTheirPlaces()
    {
        var log = new AttemptLog([]);
        Attempt failed = new(Start, 1, 500, ItemErrorCode.HttpStatus);
        Attempt refused = new(Start, 1, HttpStatus: null, ItemErrorCode.Connect);
        foreach (var attempt in Enumerable.Repeat(refused, 12).Append(failed).Concat(Enumerable.Repeat(refused, 3)).Append(failed))
        {
            log.Add(attempt);
        }

        Assert.Equal((17, 2), (log.Made, log.Counted));
        Assert.Equal(
            [refused with { Times = 3 }, failed, refused with { Times = 3 }, failed], log.All.Skip(AttemptLog.RefusalsKept - 1));
    }

    [Theory]
    [InlineData(429, ItemErrorCode.HttpStatus, true)]
    [InlineData(503, ItemErrorCode.HttpStatus, true)]
    [InlineData(529, ItemErrorCode.HttpStatus, true)]
    [InlineData(null, ItemErrorCode.Connect, true)]
    [InlineData(null, ItemErrorCode.Dns, true)]
    [InlineData(null, ItemErrorCode.NoResponse, false)]
    [InlineData(null, ItemErrorCode.Timeout, false)]
    [InlineData(500, ItemErrorCode.HttpStatus, false)]
    [InlineData(502, ItemErrorCode.HttpStatus, false)]
    [InlineData(429, ItemErrorCode.BodyIncomplete, false)]
    [InlineData(200, null, false)]
    public void Attempt_IsARefusalOnlyIfTheItemWasNotTaken(int? status, ItemErrorCode? error, bool isRefused)
    {
        Assert.Equal(isRefused, new Attempt(Start, 1, status, error).IsRefused);
    }
}
