using System.Text;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

[Collection(OwnAppCollection.Name)]
public sealed class PaceTests
{
    const int Items = 300;

    static readonly byte[][] Payloads = [.. Enumerable.Range(0, Items).Select(number => Encoding.UTF8.GetBytes($"{number}"))];

    [Fact]
    public async Task Batch_OnTwoInstancesWithARateAndAConcurrency_ExceedsNeither()
    {
        await using var app = await OwnApp.StartAsync();
        await using var other = await app.StartAnotherHostAsync();
        await using var target = await MeteredTarget.StartAsync();

        string id = await app.Api.StartAsync(new BatchDocument(target.Url) { Payloads = Payloads, Options = """{"concurrency":20,"ratePerSecond":20}""" });
        await app.Api.WaitForCompletionAsync(id);

        var results = await app.Api.DownloadResultsAsync(id);
        Assert.Equal(Enumerable.Range(0, Items), results.Indexes);
        Assert.True(target.MostInASecond <= 21, $"{target.MostInASecond} requests came in one second; 20 are allowed.");
        Assert.True(target.MostInFlight <= 20, $"{target.MostInFlight} requests were in flight; 20 are allowed.");
        Assert.True(target.MeanPerSecond > 5, $"{target.MeanPerSecond:F1} requests came a second; 20 are allowed.");
    }
}
