using System.Diagnostics;
using System.Globalization;
using System.Text;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>
/// How the Function App's throughput holds with the size of a batch, on Azurite. Explicit, because it takes minutes and wants a quiet
/// machine:
/// <c>dotnet run --project tests/Rollcall.EndToEnd.Tests -- -explicit only -class '*ScaleTests'</c>.
/// </summary>
[Collection(OwnAppCollection.Name)]
public sealed class ScaleTests
{
    const int Items = 10_000;
    const int Edge = 1_000;
    const int FlatItems = 5_000;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    static readonly TimeSpan FlatLimit = TimeSpan.FromMinutes(4);

    [Fact(Explicit = true)]
    public async Task Batch_OfTenThousandItems_IsAsFastAtItsEndAsAtItsStart()
    {
        await using var target = await PayloadTarget.StartAsync();
        await using var app = await OwnApp.StartAsync();
        await WarmUpAsync(app, target);

        var marks = await RunAsync(app, target, Items, concurrency: 200, Limit);
        double all = marks[^1].Seconds;
        double first = Edge / TimeOf(marks, Edge);
        double last = Edge / (all - TimeOf(marks, Items - Edge));
        Write($"{Items} items: {Items / all:F0}/s; the first {Edge} at {first:F0}/s, the last at {last:F0}/s: {last / first:F2}");
        Assert.True(last >= 0.8 * first, $"The last {Edge} items came at {last:F0}/s, the first at {first:F0}/s.");
    }

    [Fact(Explicit = true)]
    public async Task Batch_OfFiveThousandItems_IsThreeTimesAsFastAsAFlatFanOut()
    {
        double sharded = await MeasureAsync(concurrency: 200);

        // One shard of all items, and all of them live: what an orchestrator does that fans out over its whole input.
        double flat = await MeasureAsync(
            FlatItems,
            ("Rollcall__ItemsPerShard", FlatItems.ToString(CultureInfo.InvariantCulture)),
            ("Rollcall__LiveItems", FlatItems.ToString(CultureInfo.InvariantCulture)));
        Write($"{FlatItems} items: {sharded:F0}/s in shards, {flat:F0}/s flat: {sharded / flat:F1} times");
        Assert.True(sharded >= 3 * flat, $"Shards did {sharded:F0}/s, a flat fan-out {flat:F0}/s.");
    }

    static async Task<double> MeasureAsync(int concurrency, params (string Name, string Value)[] settings)
    {
        await using var target = await PayloadTarget.StartAsync();
        await using var app = await OwnApp.StartAsync(settings: settings);
        await WarmUpAsync(app, target);
        int before = target.Requests.Count;
        var marks = await RunAsync(app, target, FlatItems, concurrency, FlatLimit);

        // Where the time was over before the end, what reached the target is the most that was done.
        return Math.Max(marks[^1].Done, Math.Min(FlatItems, target.Requests.Count - before)) / marks[^1].Seconds;
    }

    static async Task WarmUpAsync(OwnApp app, PayloadTarget target) =>
        await app.Api.WaitForCompletionAsync(await app.Api.StartAsync(BatchDocument.Of(target.Url, Payload.Many(100))));

    static async Task<IReadOnlyList<(double Seconds, long Done)>> RunAsync(
        OwnApp app, PayloadTarget target, int items, int concurrency, TimeSpan limit)
    {
        byte[] lines = Encoding.UTF8.GetBytes(
            string.Concat(Payload.Many(items).Select(payload => Encoding.UTF8.GetString(payload.ToBytes()) + "\n")));
        string query = string.Create(CultureInfo.InvariantCulture, $"?to={Uri.EscapeDataString(target.Url)}&concurrency={concurrency}");
        var response = (await app.Api.PostAsync(lines, "application/x-ndjson", query)).Require(System.Net.HttpStatusCode.Accepted);
        long started = Stopwatch.GetTimestamp();
        string id = response.Json.GetProperty("id").GetString()!;
        var marks = new List<(double Seconds, long Done)>();
        using var timer = new PeriodicTimer(Pause);
        do
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            var status = (await app.Api.GetAsync($"api/batches/{id}")).Json;
            marks.Add((Stopwatch.GetElapsedTime(started).TotalSeconds, status.GetProperty("done").GetInt64()));
            if (status.GetProperty("status").ValueEquals("completed"))
            {
                break;
            }
        }
        while (Stopwatch.GetElapsedTime(started) < limit);
        return marks;
    }

    static double TimeOf(IReadOnlyList<(double Seconds, long Done)> marks, long done) => marks.First(mark => mark.Done >= done).Seconds;

    static void Write(string line) => TestContext.Current.SendDiagnosticMessage(line);
}
