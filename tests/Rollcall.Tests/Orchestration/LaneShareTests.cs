using CsCheck;
using Rollcall.Orchestration;

namespace Rollcall.Tests.Orchestration;

public sealed class LaneShareTests
{
    [Fact]
    public void Lanes_OfAnyNumberAndShards_AreAllDealtTakenFromNoneAndNoMoreThanOfUse()
    {
        Gen.Select(Gen.Int[0, 300], Gen.Select(Gen.Int[0, 50], Gen.Int[0, 100]).Array[0, 12]).Sample((lanes, shards) =>
        {
            int[] kept = [.. shards.Select(shard => shard.Item1)];
            int[] most = [.. shards.Select(shard => shard.Item2)];
            int[] dealt = LaneShare.Deal(lanes, kept, most);
            Assert.All(dealt.Zip(kept, most), share => Assert.InRange(share.First, share.Second, Math.Max(share.Second, share.Third)));
            Assert.Equal(
                Math.Max(kept.Sum(), Math.Min(lanes, dealt.Zip(kept, most).Sum(share => Math.Max(share.Second, share.Third)))),
                dealt.Sum());
        });
    }

    [Fact]
    public void Lanes_ThatAreFewerThanShards_GoToTheFirst() => Assert.Equal([1, 1, 0, 0], LaneShare.Deal(2, new int[4], [9, 9, 9, 9]));
}
