using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Client;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Listing;

/// <summary>
/// What a page of the list of batches costs if there are many. Explicit, because it takes minutes and wants a quiet machine:
/// <c>dotnet run --project tests/Rollcall.EndToEnd.Tests -- -explicit only -class '*ListScaleTests' -showLiveOutput</c>.
/// </summary>
[Collection(OwnAppCollection.Name)]
public sealed class ListScaleTests
{
    const int Batches = 100_000;

    // More of them take Azurite many minutes to store.
    const int BatchesOnAzurite = 20_000;
    const int WritesAtOnce = 16;
    const int Runs = 9;
    const double FileLimitMs = 100;
    const double AzuriteLimitMs = 1000;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [InlineData(60_000)]
    [InlineData(50)]
    public async Task Pages_OfAHundredThousandBatchesInFiles_TakeUnderATenthOfASecond(int gapMs)
    {
        using var server = await LocalServer.StartAsync();
        var seed = new SeededCatalog(Batches, TimeSpan.FromMilliseconds(gapMs));
        foreach (var (list, name) in seed.Names)
        {
            await WriteFileAsync(Path.Combine(server.StateFolder, "catalog", list, name[..7], name[..9], name), []);
        }

        foreach (var (path, content) in seed.Files)
        {
            await WriteFileAsync(Path.Combine(server.StateFolder, "batches", path), content);
        }

        foreach (var (what, median) in await MeasureAsync(new Uri(server.Url + "/"), seed, $"files, a batch each {gapMs} ms"))
        {
            Assert.True(median < FileLimitMs, $"{what}: {median:F0} ms.");
        }
    }

    [Fact(Explicit = true)]
    public async Task Pages_OfTwentyThousandBatchesOnAzurite_TakeUnderASecond()
    {
        await using var app = await OwnApp.StartAsync();
        var seed = new SeededCatalog(BatchesOnAzurite, TimeSpan.FromMinutes(1));
        var container = app.Blobs.GetBlobContainerClient("rollcall");
        await container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        var blobs = seed.Names.Select(one => (Path: $".catalog/{one.List}/{one.Name}", Content: Array.Empty<byte>())).Concat(seed.Files);
        await Parallel.ForEachAsync(
            blobs, new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = Cancelled }, async (blob, token) =>
            await container.GetBlobClient(blob.Path).UploadAsync(new BinaryData(blob.Content), overwrite: true, token));

        foreach (var (what, median) in await MeasureAsync(app.Host.Url, seed, "Azurite"))
        {
            Assert.True(median < AzuriteLimitMs, $"{what}: {median:F0} ms.");
        }
    }

    static async Task<IReadOnlyList<(string What, double MedianMs)>> MeasureAsync(Uri server, SeededCatalog seed, string where)
    {
        using var client = new HttpClient();
        var medians = new List<(string, double)>();
        foreach (var (what, query) in seed.Queries)
        {
            var times = new List<double>();
            for (int run = 0; run < Runs; run++)
            {
                long started = Stopwatch.GetTimestamp();
                string json = await client.GetStringAsync(new Uri(server, "api/batches" + query), Cancelled);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                Assert.Equal(SeededCatalog.PageSize, JsonElement.Parse(json).GetProperty("batches").GetArrayLength());
            }

            // The first request of all starts what the process has not used yet.
            times.Sort();
            medians.Add((what, times[Runs / 2]));
            TestContext.Current.TestOutputHelper!.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{seed.Count} batches, {where}, {what}: {times[Runs / 2]:F1} ms ({times[0]:F1} to {times[^1]:F1})"));
        }

        return medians;
    }

    static async Task WriteFileAsync(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, content, Cancelled);
    }
}
