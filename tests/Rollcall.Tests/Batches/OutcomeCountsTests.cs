using CsCheck;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Tests.Batches;

public sealed class OutcomeCountsTests
{
    static readonly Gen<(OutcomeStatus Status, int? HttpStatus, ItemErrorCode? Code)> Outcomes =
        Gen.Select(Gen.Enum<OutcomeStatus>(), Gen.Int[200, 205].Nullable(), Gen.Enum<ItemErrorCode>().Nullable());

    [Fact]
    public void Counts_OfOutcomes_AreByStatusHttpStatusAndCode()
    {
        var counts = new OutcomeCounts();
        counts.Add(OutcomeStatus.Succeeded, 200, null);
        counts.Add(OutcomeStatus.Failed, 503, ItemErrorCode.HttpStatus);
        counts.Add(OutcomeStatus.Failed, 503, ItemErrorCode.HttpStatus);
        counts.Add(OutcomeStatus.Failed, null, ItemErrorCode.BodyTooLarge);
        counts.Add(OutcomeStatus.Cancelled, null, null);
        counts.Add(OutcomeStatus.Expired, null, null);
        Assert.Equal((1L, 3L, 1L, 1L, 6L), (counts.Succeeded, counts.Failed, counts.Cancelled, counts.Expired, counts.Total()));
        Assert.Equal(new Dictionary<string, long> { ["200"] = 1, ["503"] = 2 }, counts.ByHttpStatus);
        Assert.Equal(new Dictionary<string, long> { ["body-too-large"] = 1, ["http-status"] = 2 }, counts.ByErrorCode);
    }

    [Fact]
    public void Counts_OfPartsAddedUp_AreThoseOfTheWhole()
    {
        Gen.Select(Outcomes.List[0, 30], Outcomes.List[0, 30]).Sample((one, other) =>
        {
            var sum = Of(one);
            sum.Add(Of(other));
            Assert.Equivalent(Of([.. one, .. other]), sum, strict: true);
            Assert.Equal(one.Count + other.Count, sum.Total());
        });
    }

    [Fact]
    public void Status_ThatIsUnknown_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OutcomeCounts().Add((OutcomeStatus)99, null, null));
    }

    static OutcomeCounts Of(IReadOnlyList<(OutcomeStatus Status, int? HttpStatus, ItemErrorCode? Code)> outcomes)
    {
        var counts = new OutcomeCounts();
        foreach (var (status, httpStatus, code) in outcomes)
        {
            counts.Add(status, httpStatus, code);
        }

        return counts;
    }
}
