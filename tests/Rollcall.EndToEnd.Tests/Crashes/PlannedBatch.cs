using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>Results, receipt and requests as a faultless run of a plan leaves them, to be spoilt by the tests of the checks.</summary>
sealed class PlannedBatch
{
    const int ItemsPerShard = 7;
    const int MostResponseBytes = 1000;
    const long Second = 1000;

    public PlannedBatch(CrashPlan plan)
    {
        Items = [.. plan.Items.Select(item => item with { ResponseBytes = Math.Min(item.ResponseBytes, MostResponseBytes) })];
        Lines = [.. Items.Select(LineOf)];
        Requests = [.. Items.Select(RequestsOf)];
        Seal();
    }

    public IReadOnlyList<PlannedItem> Items { get; }

    public List<string> Lines { get; }

    public List<List<SentRequest>> Requests { get; }

    public JsonObject Receipt { get; private set; } = [];

    public SendLog Log => new([.. Requests], []);

    /// <summary>The first item that is sent once and succeeds.</summary>
    public PlannedItem Plain => Items.First(item => item.Acts is [TargetAct.Response]);

    /// <summary>Makes the receipt that says what the lines are, whatever they are.</summary>
    public void Seal()
    {
        var shards = Lines.Chunk(ItemsPerShard).Select((lines, shard) => (JsonNode)new JsonObject
        {
            ["shard"] = shard,
            ["firstIndex"] = shard * ItemsPerShard,
            ["items"] = lines.Length,
            ["sha256"] = Hash(string.Concat(lines)),
        });
        var outcomes = Items.Select(item => item.Expect()).ToList();
        Receipt = new JsonObject
        {
            ["items"] = Items.Count,
            ["outcomes"] = Items.Count,
            ["counts"] = new JsonObject
            {
                ["succeeded"] = outcomes.Count(outcome => outcome.ErrorCode is null),
                ["failed"] = outcomes.Count(outcome => outcome.ErrorCode is not null),
                ["cancelled"] = 0,
                ["expired"] = 0,
                ["byErrorCode"] = CountsOf(outcomes.Select(outcome => outcome.ErrorCode).OfType<string>()),
                ["byHttpStatus"] = CountsOf(outcomes.Select(outcome => $"{outcome.HttpStatus}")),
            },
            ["sha256"] = Hash(string.Concat(Lines)),
            ["shards"] = new JsonArray([.. shards]),
        };
    }

    public void ChangeLine(int index, Action<JsonObject> change)
    {
        var line = JsonNode.Parse(Lines[index])!.AsObject();
        change(line);
        Lines[index] = line.ToJsonString() + "\n";
    }

    public List<string> FindResultFaults() =>
        [
            .. new ResultCheck(Items, Log).FindFaults(
                Encoding.UTF8.GetBytes(string.Concat(Lines)),
                Encoding.UTF8.GetBytes(Receipt.ToJsonString())),
        ];

    public List<string> FindSendFaults(params IReadOnlyList<CrashKill> kills) =>
        [.. new SendCheck(Items, kills, atOnce: 10).FindFaults(Log)];

    static string LineOf(PlannedItem item)
    {
        var outcome = item.Expect();
        var line = new JsonObject
        {
            ["index"] = item.Number,
            ["status"] = outcome.ErrorCode is null ? "succeeded" : "failed",
            ["httpStatus"] = outcome.HttpStatus,
            ["attempts"] = RequestsOf(item).Count,
        };
        if (outcome.ErrorCode is { } code)
        {
            line["error"] = new JsonObject { ["code"] = code };
        }

        line["bytes"] = outcome.Body.Length;
        line["sha256"] = Convert.ToHexStringLower(SHA256.HashData(outcome.Body));
        line[item.IsBinary ? "bodyBase64" : "body"] = item.IsBinary
            ? Convert.ToBase64String(outcome.Body)
            : Encoding.ASCII.GetString(outcome.Body);
        return line.ToJsonString() + "\n";
    }

    static List<SentRequest> RequestsOf(PlannedItem item) =>
        [.. Enumerable.Range(0, item.IsEndless ? item.MostRequests : item.Acts.Count).Select(i => Request(item, i))];

    static SentRequest Request(PlannedItem item, int number) => new(number * Second, item.ActOf(number)) { HasResponse = true };

    static JsonObject CountsOf(IEnumerable<string> names) =>
        new(names.CountBy(name => name).Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value)));

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
