using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>
/// How many requests to the storage account an item costs, counted in Azurite's log. Explicit, because it measures:
/// <c>dotnet run --project tests/Rollcall.EndToEnd.Tests -- -explicit only -class '*StorageOperationsTests' -diagnostics</c>.
/// </summary>
[Collection(OwnAppCollection.Name)]
public sealed partial class StorageOperationsTests
{
    const int Items = 5_000;

    // What an app costs that has nothing to do is a number of requests per time, so that the time is what is measured over.
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    [Fact(Explicit = true)]
    public async Task Batch_OfFiveThousandItems_CostsFewerThanTenRequestsPerItem()
    {
        await using var target = await PayloadTarget.StartAsync();
        await using var azurite = await AzuriteProcess.StartAsync(logsRequests: true);
        await using var host = await FunctionsHostProcess.StartAsync(azurite.ConnectionString);
        using var api = new ApiClient(() => host.Url);
        await api.WaitForCompletionAsync(await api.StartAsync(BatchDocument.Of(target.Url, Payload.Many(100))));

        await Task.Delay(Idle, TestContext.Current.CancellationToken);
        int start = azurite.Output.Length;
        await Task.Delay(Idle, TestContext.Current.CancellationToken);
        int idle = azurite.Output.Length;
        Write("idle, per second", Count(azurite.Output[start..idle]), Idle.TotalSeconds);

        byte[] lines = [.. Payload.Many(Items).SelectMany(payload => (byte[])[.. payload.ToBytes(), (byte)'\n'])];
        long began = Stopwatch.GetTimestamp();
        var response = await api.PostAsync(lines, "application/x-ndjson", $"?to={Uri.EscapeDataString(target.Url)}&concurrency=200");
        await api.WaitForCompletionAsync(response.Json.GetProperty("id").GetString()!);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var counts = Count(azurite.Output[idle..]);

        Write(string.Create(CultureInfo.InvariantCulture, $"{Items} items in {seconds:F0} s, per item"), counts, Items);
        Assert.True(counts.Values.Sum() < 10 * Items, $"{Items} items took {counts.Values.Sum()} requests.");
    }

    static SortedDictionary<string, int> Count(string log)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (Match request in Request().Matches(log))
        {
            string kind = KindOf(request.Groups["method"].Value, request.Groups["path"].Value);
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }

        return counts;
    }

    static string KindOf(string method, string path)
    {
        bool Has(string part) => path.Contains(part, StringComparison.Ordinal);

        string queue = path switch
        {
            _ when Has("-workitems") => "work items",
            _ when Has("-control-") => "control",
            _ => "other",
        };
        return path switch
        {
            _ when Has("/messages") => $"queue {queue} {VerbOf(method)}",
            _ when queue != "other" || Has("rollcall-batches") => $"queue {queue} properties",
            _ when Has("$batch") => "table batch",
            _ when Has("/Rollcall") => $"table {method}",
            _ when Has("comp=lease") => $"blob {method} lease",
            _ when Has("comp=list") => $"blob {method} list",
            _ => $"blob {method}",
        };
    }

    static string VerbOf(string method) => method switch
    {
        "POST" => "put",
        "DELETE" => "delete",
        "PUT" => "update",
        _ => "get",
    };

    static void Write(string title, SortedDictionary<string, int> counts, double per)
    {
        var text = new StringBuilder(title).Append(": ");
        text.AppendFormat(CultureInfo.InvariantCulture, "{0:F3} in all", counts.Values.Sum() / per);
        foreach (var (kind, count) in counts)
        {
            text.AppendFormat(CultureInfo.InvariantCulture, "\n  {0}: {1} = {2:F4}", kind, count, count / per);
        }

        TestContext.Current.SendDiagnosticMessage(text.ToString());
    }

    // 127.0.0.1 - - [date] "GET /devstoreaccount1/rollcall-workitems/messages?numofmessages=1 HTTP/1.1" 200 -
    [GeneratedRegex("\"(?<method>[A-Z]+) (?<path>\\S+) HTTP/1.1\"")]
    private static partial Regex Request();
}
