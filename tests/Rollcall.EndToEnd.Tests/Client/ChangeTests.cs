using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class ChangeTests
{
    const int Items = 400;

    // Five seconds are promised. The rest is for a machine on which other tests run.
    static readonly TimeSpan InForce = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task Change_ConcurrencyOfABatchThatRuns_IsInForceWithinSecondsBothWays()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items);
        batch.Target.HoldBeforeResponse();
        string id = await batch.SubmitAsync("--concurrency", "4");
        await batch.Target.WaitForArrivalsAsync(4);

        Assert.EndsWith(
            ", 16 at once, no rate limit.",
            await batch.CommandAsync("change", id, "--concurrency", "16"),
            StringComparison.Ordinal);
        await Eventually.BeTrueAsync("16 are in flight", InForce, () => Task.FromResult(batch.Target.InFlight == 16));
        await RequireSteadyAsync(batch, atOnce: 16);

        await batch.CommandAsync("change", id, "--concurrency", "1");
        int before = -1;
        await Eventually.BeTrueAsync("one is in flight, and no other one comes", InForce, () =>
        {
            // The first of several that come looks like the only one.
            int now = batch.Target.ReceivedInAll;
            bool isSteady = batch.Target.InFlight == 1 && now == before;
            before = now;
            if (batch.Target.InFlight > 1)
            {
                batch.Target.Release();
            }

            return Task.FromResult(isSteady);
        });
        await RequireSteadyAsync(batch, atOnce: 1);

        await batch.CommandAsync("change", id, "--concurrency", "16");
        await Eventually.BeTrueAsync("16 are in flight again", InForce, () => Task.FromResult(batch.Target.InFlight == 16));
        batch.Target.Open();
        (await batch.Server.RunAsync("watch", id)).RequireExit(0);
        await batch.TakeProvenAsync(id, Items);
        Assert.Equal(Items, batch.Target.ReceivedInAll);
    }

    [Fact]
    public async Task Change_Rate_IsSetAndTakenAway()
    {
        await using var batch = await ControlledBatch.CreateAsync(items: 50);
        batch.Target.HoldBeforeResponse();
        string id = await batch.SubmitAsync("--concurrency", "2");
        await batch.Target.WaitForArrivalsAsync(2);

        string set = await batch.CommandAsync("change", id, "--rate", "0.5", "-c", "3");
        string taken = await batch.CommandAsync("change", id, "--rate", "none");

        Assert.EndsWith(", 3 at once, at most 0.5 requests/s.", set, StringComparison.Ordinal);
        Assert.EndsWith(", 3 at once, no rate limit.", taken, StringComparison.Ordinal);
        batch.Target.Open();
        (await batch.Server.RunAsync("watch", id)).RequireExit(0);
    }

    [Theory]
    [InlineData("Nothing to change: give --concurrency, --rate or both.")]
    [InlineData("--concurrency is '0': a whole number from 1 to 10000 is needed. See 'rollcall change --help'.", "--concurrency", "0")]
    [InlineData(
        "--rate is '-1': a number above 0 and up to 100000, requests per second, or 'none', is needed. See 'rollcall change --help'.",
        "--rate",
        "-1")]
    [InlineData(
        "--rate is 'fast': a number above 0 and up to 100000, requests per second, or 'none', is needed. See 'rollcall change --help'.",
        "--rate",
        "fast")]
    public async Task Change_ThatIsNone_SaysWhatIsAllowed(string expected, params string[] options)
    {
        var result = await CliProcess.RunAsync(["change", "b1", "--server", "http://127.0.0.1:9", .. options]);
        result.RequireExit(2);
        Assert.Equal($"rollcall: {expected}", Assert.Single(result.ErrorLines));
    }

    // Each response is followed by one more request, and no more: over several of them every lane would show.
    static async Task RequireSteadyAsync(ControlledBatch batch, int atOnce)
    {
        int before = batch.Target.ReceivedInAll;
        const int Rounds = 5;
        for (int round = 1; round <= Rounds; round++)
        {
            batch.Target.Release();
            int expected = before + (round * atOnce);
            await Eventually.BeTrueAsync(
                $"request {expected} is there",
                TimeSpan.FromSeconds(30),
                () => Task.FromResult(batch.Target.ReceivedInAll >= expected));
            Assert.Equal(expected, batch.Target.ReceivedInAll);
        }

        // A response that is out is counted as in flight for a moment more.
        await Eventually.BeTrueAsync($"{atOnce} are in flight", InForce, () => Task.FromResult(batch.Target.InFlight == atOnce));
    }
}
