using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Serialization;
using Rollcall.Tests.Building;
using Rollcall.Tests.Results;

namespace Rollcall.Tests.Schemas;

public sealed class ResultLineSchemaTests
{
    static readonly byte[] Binary = [0xff, 0xfe, 0, 1, 2];

    static readonly ItemErrorCode[] CodesOfAResponse =
        [
            ItemErrorCode.HttpStatus,
            ItemErrorCode.Verdict,
            ItemErrorCode.Redirect,
            ItemErrorCode.BodyIncomplete,
            ItemErrorCode.BodyTooLarge,
            ItemErrorCode.Decode,
        ];

    public static TheoryData<ItemErrorCode> Codes { get; } = [.. Enum.GetValues<ItemErrorCode>()];

    public static TheoryData<string> WrongLines { get; } =
    [
        "[]",
        "{}",
        Changed(line => line["index"] = -1),
        Changed(line => line["index"] = "0"),
        Changed(line => line["index"] = 1.5),
        Changed(line => line["status"] = "done"),
        Changed(line => line["status"] = "Succeeded"),
        Changed(line => line["httpStatus"] = 99),
        Changed(line => line["httpStatus"] = 199),
        Changed(line => line["attempts"] = 0),
        Changed(line => line["durationMs"] = -1),
        Changed(line => line["id"] = new string('i', 257)),
        Changed(line => line["bytes"] = -2),
        Changed(line => line["sha256"] = new string('A', 64)),
        Changed(line => line["sha256"] = new string('a', 63)),
        Changed(line => line["body"] = null),
        Changed(line => line["bodyBase64"] = "AAAA"),
        Changed(line => line["surprise"] = 1),
        Changed(line => line["error"] = Error("timeout")),
        Changed(line => line["attemptHistory"] = new JsonArray()),
        Changed(
            line =>
                line["attemptHistory"] = new JsonArray(new JsonObject { ["at"] = "yesterday", ["durationMs"] = 1, ["httpStatus"] = 200 })),
        Changed(line => line["attemptHistory"] = new JsonArray(new JsonObject { ["at"] = "2026-01-02T03:04:05Z", ["durationMs"] = 1 })),
        Changed(
            line =>
                line["attemptHistory"] = new JsonArray(
                    new JsonObject { ["at"] = "2026-01-02T03:04:05Z", ["durationMs"] = 1, ["error"] = "odd" })),
        ChangedFailure(line => line.Remove("error")),
        ChangedFailure(line => line["error"] = Error("bad-luck")),
        ChangedFailure(line => line["error"] = Error("HttpStatus")),
        ChangedFailure(line => line["error"]!.AsObject().Remove("message")),
        ChangedFailure(line => line["error"]!.AsObject().Remove("code")),
        ChangedFailure(line => line["error"]!["surprise"] = 1),
        ChangedFailure(line => line["error"]!["message"] = new string('m', 1001)),
        ChangedFailure(line => line["error"] = Error("http-status")),
        ChangedFailure(line => line["bodyBase64"] = "AAAA"),
        ChangedFailure(line =>
        {
            line["bytes"] = 1;
            line["sha256"] = new string('a', 64);
        }),
        ChangedFailure(line =>
        {
            line["bytes"] = 1;
            line["sha256"] = new string('a', 64);
            line["bodyBase64"] = "_w==";
        }),
    ];

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":1}")]
    [InlineData("\0\u2028\"é😀")]
    public async Task Line_OfASuccess_IsAccepted(string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        await RequireAsync(TestOutcome.Succeeded(0, body));
        await RequireAsync(TestOutcome.Succeeded(long.MaxValue, body), id: "a1");
        await RequireAsync(
            TestOutcome.Succeeded(0) with { Body = TestOutcome.Stored("n", bytes, isText: true), ContentType = null },
            storedBody: bytes);
    }

    [Fact]
    public async Task Line_WithABinaryBody_IsAccepted()
    {
        await RequireAsync(TestOutcome.Succeeded(0) with { Body = TestOutcome.Base64(Binary) });
        byte[] large = TestBytes.Random(100_000);
        await RequireAsync(TestOutcome.Succeeded(0) with { Body = TestOutcome.Stored("n", large, isText: false) }, storedBody: large);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Line_OfEveryFailure_IsAccepted(ItemErrorCode code)
    {
        var outcome = TestOutcome.Failed(5, code, CodesOfAResponse.Contains(code) ? 404 : null);
        await RequireAsync(outcome);
        await RequireAsync(outcome with { HttpStatus = 200, ContentType = "text/plain", Body = TestOutcome.Text("a part") });
        await RequireAsync(outcome with
        {
            Error = ItemError.Of(code, new string('é', 2000)),
            AttemptHistory = [Attempt(503, ItemErrorCode.HttpStatus), Attempt(null, code)],
        });
    }

    [Theory]
    [InlineData(StopKind.Cancelled, OutcomeStatus.Cancelled)]
    [InlineData(StopKind.Expired, OutcomeStatus.Expired)]
    [InlineData(StopKind.Failed, OutcomeStatus.Cancelled)]
    public async Task Line_OfAnItemThatWasNotSent_IsAccepted(StopKind kind, OutcomeStatus status)
    {
        var outcome = new BatchStop(kind, "Why.", DateTimeOffset.UnixEpoch).OutcomeOf(1, []);
        Assert.Equal(status, outcome.Status);
        await RequireAsync(outcome);
        var attempt = new Attempt(DateTimeOffset.UnixEpoch, 1, 503, ItemErrorCode.HttpStatus);
        await RequireAsync(new BatchStop(kind, "Why.", DateTimeOffset.UnixEpoch).OutcomeOf(1, [attempt, attempt]));
    }

    [Fact]
    public async Task Line_OfAPlatformFailure_IsAccepted() =>
        await RequireAsync(ItemOutcome.PlatformFailure(9, [], "The worker was lost."));

    [Fact]
    public async Task Line_AfterOneAttempt_HasNoHistory()
    {
        Attempt[] once = [Attempt(503, ItemErrorCode.HttpStatus)];
        await RequireAsync(ItemOutcome.PlatformFailure(9, once, "The worker was lost."));
        await RequireAsync(new BatchStop(StopKind.Cancelled, "Why.", DateTimeOffset.UnixEpoch).OutcomeOf(1, once));
        await RequireAsync(TestOutcome.Failed(5, ItemErrorCode.HttpStatus, 503) with { AttemptHistory = once });
        Assert.False(
            (
                await ResultLines.WriteJsonAsync(
                    ItemOutcome.PlatformFailure(9, once, "The worker was lost."))).TryGetProperty("attemptHistory",
                out _));
    }

    [Fact]
    public async Task Line_OfASuccessAfterRetries_IsAccepted() =>
        await RequireAsync(TestOutcome.Succeeded(2) with
        {
            Attempts = 3,
            AttemptHistory = [Attempt(429, ItemErrorCode.HttpStatus), Attempt(null, ItemErrorCode.Connect), Attempt(200, null)],
        });

    [Theory]
    [MemberData(nameof(WrongLines))]
    public void Line_ThatIsWrong_IsRefused(string line) => Assert.False(PublishedSchema.ResultLine.Accepts(JsonElement.Parse(line)), line);

    [Theory]
    [InlineData("index")]
    [InlineData("status")]
    [InlineData("httpStatus")]
    [InlineData("attempts")]
    [InlineData("durationMs")]
    [InlineData("bytes")]
    [InlineData("sha256")]
    [InlineData("body")]
    public void Line_WithoutAPropertyOfASuccess_IsRefused(string name)
    {
        Assert.True(PublishedSchema.ResultLine.Accepts(JsonElement.Parse(Changed(_ => { }))));
        Assert.False(PublishedSchema.ResultLine.Accepts(JsonElement.Parse(Changed(line => Assert.True(line.Remove(name))))), name);
    }

    [Fact]
    public void Names_OfTheSchema_AreThoseOfTheContract()
    {
        var schema = PublishedSchema.ResultLine.Document;
        Assert.Equal(
            Enum.GetValues<ItemErrorCode>().Select(code => KebabCase.Of(code)),
            Texts(schema.GetProperty("$defs").GetProperty("errorCode").GetProperty("enum")));
        Assert.Equal(
            Enum.GetValues<OutcomeStatus>().Select(status => KebabCase.Of(status)),
            Texts(schema.GetProperty("properties").GetProperty("status").GetProperty("enum")));
    }

    static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString());

    static async Task RequireAsync(ItemOutcome outcome, string? id = null, byte[]? storedBody = null) =>
        PublishedSchema.ResultLine.Require(await ResultLines.WriteJsonAsync(outcome, id, storedBody));

    static Attempt Attempt(int? httpStatus, ItemErrorCode? error) =>
        new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), 12.5, httpStatus, error);

    static JsonObject Error(string code) => new() { ["code"] = code, ["message"] = "It failed." };

    static string Changed(Action<JsonObject> change)
    {
        var line = new JsonObject
        {
            ["index"] = 0,
            ["status"] = "succeeded",
            ["httpStatus"] = 200,
            ["attempts"] = 1,
            ["durationMs"] = 1.5,
            ["bytes"] = 2,
            ["sha256"] = new string('a', 64),
            ["body"] = "{}",
        };
        change(line);
        return line.ToJsonString();
    }

    static string ChangedFailure(Action<JsonObject> change)
    {
        var line = new JsonObject
        {
            ["index"] = 0,
            ["status"] = "failed",
            ["attempts"] = 1,
            ["durationMs"] = 0,
            ["error"] = Error("timeout"),
        };
        Assert.True(PublishedSchema.ResultLine.Accepts(JsonElement.Parse(line.ToJsonString())));
        change(line);
        return line.ToJsonString();
    }
}
