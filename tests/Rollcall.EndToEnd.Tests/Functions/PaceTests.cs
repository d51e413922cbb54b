using System.Text;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

[Collection(OwnAppCollection.Name)]
public sealed class PaceTests
{
    const int Items = 300;
    const int Concurrency = 20;

    static readonly byte[][] Payloads = [.. Enumerable.Range(0, Items).Select(number => Encoding.UTF8.GetBytes($"{number}"))];

    [Fact]
    public async Task Batch_OnTwoInstancesWithARateAndAConcurrency_ExceedsNeither()
    {
        await using var app = await OwnApp.StartAsync(appFolder: null, Instance("one"));
        await using var other = await app.StartAnotherHostAsync(Instance("two"));
        await using var target = await MeteredTarget.StartAsync();

        // One instance cannot hold every lane, so the other gets the rest, and there is no response before it has.
        target.SendersAwaited = 2;

        string id = await app.Api.StartAsync(new BatchDocument(target.Url)
        {
            Payloads = Payloads,
            Headers = new Dictionary<string, string> { [MeteredTarget.SenderHeader] = """{"secret":"INSTANCE"}""" },
            Options = $$"""{"concurrency":{{Concurrency}},"ratePerSecond":20}""",
        });
        await app.Api.WaitForCompletionAsync(id);

        var results = await app.Api.DownloadResultsAsync(id);
        Assert.Equal(Enumerable.Range(0, Items), results.Indexes);
        Assert.Equal(["one", "two"], target.Senders.Keys.Order());
        target.RequireRate(20, from: TimeSpan.FromSeconds(1));
        Assert.True(target.MostInFlight <= Concurrency, $"{target.MostInFlight} requests were in flight; {Concurrency} are allowed.");
        Assert.True(target.MeanPerSecond > 2, $"{target.MeanPerSecond:F1} requests came a second; 20 are allowed.");
    }

    [Fact]
    public async Task Batch_WithARateAndAStorageAccountThatTakesAWhile_ReachesIt()
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        await using var storage = new SlowStorage(azurite.ConnectionString, TimeSpan.FromMilliseconds(30));
        await using var host = await FunctionsHostProcess.StartAsync(storage.ConnectionString);
        await using var target = await MeteredTarget.StartAsync();
        using var api = new ApiClient(() => host.Url);

        string id = await api.StartAsync(
            new BatchDocument(target.Url) { Payloads = Payloads[..30], Options = """{"concurrency":64,"ratePerSecond":3}""" });
        await api.WaitForCompletionAsync(id);

        target.RequireRate(3);

        // A tenth less than the rate, and again a tenth for a machine whose processors have other work; the rate is one that it can hold
        // then.
        Assert.True(target.MeanPerSecond > 2.4, $"{target.MeanPerSecond:F1} requests came per second; 3 are allowed.");
    }

    // By these the Durable extension tells its instances apart if they have the same machine's name.
    static (string Name, string Value)[] Instance(string name) =>
    [
        ("WEBSITE_CURRENT_STAMPNAME", "test"),
        ("RoleInstanceId", name),
        ("Rollcall__Secrets__INSTANCE", name),
        ("Rollcall__Secrets__INSTANCE__Origins", "*"),
        ("AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions", $"{Concurrency / 2}"),
    ];
}
