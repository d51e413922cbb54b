using System.Diagnostics;
using System.Text;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>
/// A batch whose app ends while responses are under way: every item gets one outcome, and what is sent again has the same key.
/// </summary>
[Collection(CrashCollection.Name)]
public sealed class CrashTests
{
    const int Items = 250;
    const int Held = 20;
    const int ResponseBytes = 20_000;

    // What the default concurrency and the host's own limit let be in flight.
    const int MostInFlight = 64;

    static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task KillWorker_WhileBodiesAreBeingRead_EndsWithOneWholeOutcomeForEachItem()
    {
        await using var target = await GatedTarget.StartAsync(ResponseBytes);
        await using var app = await OwnApp.StartAsync();
        string id = await StartHeldAsync(app, target);

        var killed = app.Host.KillWorkerAsync();
        target.Open();
        await killed;

        await RequireWholeAsync(app, target, id);
        Assert.InRange(target.ReceivedInAll, Items + Held, Items + MostInFlight);
    }

    [Fact]
    public async Task KillWorker_AndTheOneThatStartsInItsPlace_IsGoneOnFromByTheThird()
    {
        await using var target = await GatedTarget.StartAsync(ResponseBytes);
        await using var app = await OwnApp.StartAsync();
        string id = await StartHeldAsync(app, target);

        // What ended with the first worker is asked for again at once, and waits for a worker while the second one fails to start.
        await app.Host.CrashWorkerAsync();
        await app.Host.CrashWorkerAsync();
        target.Open();

        await RequireWholeAsync(app, target, id);
        Assert.Contains("The worker failed to start", app.Host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KillHost_WhileBodiesAreBeingRead_GoesOnAfterTheRestart()
    {
        await using var target = await GatedTarget.StartAsync(ResponseBytes);
        await using var app = await OwnApp.StartAsync();
        string id = await StartHeldAsync(app, target);

        await app.Host.KillAsync();
        target.Open();
        await app.Host.StartAgainAsync();

        await RequireWholeAsync(app, target, id);

        // The orchestrators' own last steps are lost too, and with them what they had just begun: such an item is sent a third time.
        Assert.InRange(target.ReceivedInAll, Items + Held, Items + (2 * MostInFlight));
        Assert.All(target.Received, item => Assert.InRange(item.Value, 1, 3));
    }

    [Fact]
    public async Task StopHost_WhileBodiesAreBeingRead_GoesOnAfterTheRestart()
    {
        await using var target = await GatedTarget.StartAsync(ResponseBytes);
        await using var app = await OwnApp.StartAsync();
        string id = await StartHeldAsync(app, target);

        app.Host.RequestStop();
        target.Open();
        await app.Host.WaitForStopAsync();
        await app.Host.StartAgainAsync();

        await RequireWholeAsync(app, target, id);
        Assert.InRange(target.ReceivedInAll, Items, Items + MostInFlight);
    }

    [Fact]
    public async Task CtrlC_WhileBodiesAreBeingRead_LeavesTheWorkerToFinishThem()
    {
        await using var target = await GatedTarget.StartAsync(ResponseBytes);
        await using var app = await OwnApp.StartAsync();
        await StartHeldAsync(app, target);

        app.Host.RequestStop(Signal.Interrupt);
        target.Open();
        await app.Host.WaitForStopAsync();

        Assert.Contains("Stopped, 0 invocations given up", app.Host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("WorkerProcessExitException", app.Host.Output, StringComparison.Ordinal);
    }

    static async Task<string> StartHeldAsync(OwnApp app, GatedTarget target)
    {
        target.HoldMidBody();
        string id = await app.Api.StartAsync(new BatchDocument(target.Url)
        {
            Payloads = [.. Enumerable.Range(0, Items).Select(number => Encoding.UTF8.GetBytes(PayloadText(number)))],
        });
        await target.WaitForHalvesAsync(Held);
        return id;
    }

    static async Task RequireWholeAsync(OwnApp app, GatedTarget target, string id)
    {
        long started = Stopwatch.GetTimestamp();
        var status = await app.Api.WaitForCompletionAsync(id, RecoveryLimit);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"Completed {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s later; {target.ReceivedInAll - Items} items were sent "
            + "again.");

        Assert.Equal(Items, status.GetProperty("counts").GetProperty("succeeded").GetInt32());
        var results = await app.Api.DownloadResultsAsync(id);
        Assert.Equal(Enumerable.Range(0, Items), results.Indexes);
        for (int number = 0; number < Items; number++)
        {
            Assert.True(
                DownloadedResults.BodyOf(results.Lines[number])
                    .AsSpan()
                    .SequenceEqual(GatedTarget.ResponseTo(PayloadText(number), ResponseBytes)),
                $"Item {number} has not its own whole answer: {results.Lines[number].GetRawText()[..200]}");
        }

        var receipt = await app.Api.GetReceiptAsync(id);
        Assert.Equal(Items, receipt.GetProperty("outcomes").GetInt32());
        Assert.Equal(results.Sha256, receipt.GetProperty("sha256").GetString());
        Assert.Equal(Items, target.Keys.Count);
        Assert.All(target.Keys, keys => Assert.Single(keys.Value.Distinct()));
        Assert.Equal(Items, target.Keys.Select(keys => keys.Value.First()).Distinct().Count());
    }

    static string PayloadText(int number) => $"{{\"param\":\"data-{number}\"}}";
}
