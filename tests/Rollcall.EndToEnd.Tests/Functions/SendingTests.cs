using System.Text;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Functions;

public sealed class SendingTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    const int Megabyte = 1024 * 1024;

    // Payloads whose number ends in these fail.
    const int FailingDigit = 3;
    const int BreakingDigit = 8;

    [Fact]
    public async Task Target_ThatFails_GivesNamedFailuresAndTheyCanBeReadAlone()
    {
        await using var target = Target.Start(RespondOrFailAsync);
        Payload[] payloads = [.. Enumerable.Range(0, 120).Select(number => new Payload(number, 9000))];
        var batch = BatchDocument.Of(target.Url, payloads) with { Options = """{"retry":{"maxAttempts":2,"firstDelaySeconds":0.01}}""" };

        string id = await Api.StartAsync(batch);
        var status = await Api.WaitForCompletionAsync(id);

        Assert.Equal(24, status.GetProperty("counts").GetProperty("failed").GetInt32());
        var results = await Api.DownloadResultsAsync(id);
        Assert.Equal(Enumerable.Range(0, 120), results.Indexes);
        foreach (var (line, payload) in results.Lines.Zip(payloads))
        {
            byte[] response = payload.ResponseTo(payload.ToBytes());
            switch (payload.Number % 10)
            {
                case FailingDigit: RequireFailure(line, "http-status", response); break;
                case BreakingDigit: RequireFailure(line, "body-incomplete", response[..4500]); break;
                default: DownloadedResults.RequireResponse(line, payload); break;
            }
        }

        var failed = await Api.DownloadResultsAsync(id, "?status=failed");
        Assert.Equal(Enumerable.Range(0, 120).Where(number => number % 10 is FailingDigit or BreakingDigit), failed.Indexes);
        Assert.Equal(96 + (2 * 24), target.Requests.Count);
    }

    [Fact]
    public async Task Payloads_AndResponsesOver4Mebibytes_AreWhole()
    {
        await using var target = await PayloadTarget.StartAsync();
        Payload[] payloads = [.. Enumerable.Range(0, 8).Select(number =>
            new Payload(
                number,
                (4 * Megabyte) + 1 + number,
                IsBinary: number % 2 == 1,
                Padding: new string('x', (4 * Megabyte) + number)))];

        string id = await Api.StartAsync(BatchDocument.Of(target.Url, payloads));
        await Api.WaitForCompletionAsync(id);

        (await Api.DownloadResultsAsync(id)).RequireResponses(payloads);
    }

    [Fact]
    public async Task Shard_WhosePayloadsTogetherExceed4Mebibytes_IsWhole()
    {
        await using var target = await PayloadTarget.StartAsync();
        Payload[] payloads = [.. Enumerable.Range(0, 90).Select(number => new Payload(number, 300, Padding: new string('y', 100_000)))];

        string id = await Api.StartAsync(BatchDocument.Of(target.Url, payloads));
        await Api.WaitForCompletionAsync(id);

        (await Api.DownloadResultsAsync(id)).RequireResponses(payloads);
    }

    [Fact]
    public async Task Concurrency_Of5_IsUsedAndNeverExceeded()
    {
        // It sends no response before all five are there.
        await using var target = await PayloadTarget.StartAsync(atOnce: 5, responseTime: TimeSpan.FromMilliseconds(20));
        var payloads = Payload.Many(300);

        string id = await Api.StartAsync(BatchDocument.Of(target.Url, payloads) with { Options = """{"concurrency":5}""" });
        await Api.WaitForCompletionAsync(id);

        (await Api.DownloadResultsAsync(id)).RequireResponses(payloads);
        Assert.Equal(5, target.MostInFlight);
    }

    [Fact]
    public async Task RetryAfter_OfMoreThanASlotIsHeldFor_IsADurableTimerAndBothAttemptsAreRecorded()
    {
        await using var target = Target.StartSequence(Responses.With(429, "", "Retry-After: 11"), Responses.Echo);

        string id = await Api.StartAsync(new BatchDocument(target.Url) { Payloads = ["7"u8.ToArray()] });
        await Api.WaitForCompletionAsync(id);

        var line = Assert.Single((await Api.DownloadResultsAsync(id)).Lines);
        Assert.Equal(2, line.GetProperty("attempts").GetInt32());
        var attempts = line.GetProperty("attemptHistory").EnumerateArray().ToList();
        Assert.Equal([429, 200], attempts.Select(attempt => attempt.GetProperty("httpStatus").GetInt32()));
        Assert.Equal("http-status", attempts[0].GetProperty("error").GetString());
        var waited = attempts[1].GetProperty("at").GetDateTimeOffset() - attempts[0].GetProperty("at").GetDateTimeOffset();
        Assert.True(waited >= TimeSpan.FromSeconds(11), $"The item was sent again after {waited.TotalSeconds:F1} s.");
        Assert.Single(target.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task Secret_ThatAHeaderNames_ReachesTheTargetAndIsStoredNowhere()
    {
        await using var target = await PayloadTarget.StartAsync();
        var batch = BatchDocument.Of(target.Url, Payload.Many(15)) with
        {
            Id = $"secret-{Guid.NewGuid():N}",
            Headers = new Dictionary<string, string> { ["Authorization"] = $"{{\"secret\":\"{FunctionsFixture.SecretName}\"}}" },
        };

        await Api.StartAsync(batch);
        await Api.WaitForCompletionAsync(batch.Id);

        Assert.Equal(15, target.Requests.Count);
        Assert.All(target.Requests, headers => Assert.Equal(FunctionsFixture.SecretValue, headers["Authorization"]));
        var blobs = await Fixture.ReadBlobsAsync(batch.Id);
        Assert.Contains(blobs, blob => Has(blob.Content, FunctionsFixture.SecretName));
        Assert.DoesNotContain(blobs, blob => Has(blob.Content, FunctionsFixture.SecretValue));
    }

    static Task RespondOrFailAsync(ReceivedRequest request, Connection connection)
    {
        var payload = Payload.Parse(request.Body.Span);
        byte[] response = payload.ResponseTo(request.Body.Span);
        var behaviour = (payload.Number % 10) switch
        {
            FailingDigit => Responses.With(500, response),
            BreakingDigit => Faults.BreakOff(response.AsMemory(0, 4500), promised: response.Length),
            _ => Responses.With(200, response),
        };
        return behaviour(request, connection);
    }

    static void RequireFailure(JsonElement line, string code, byte[] received)
    {
        Assert.Equal("failed", line.GetProperty("status").GetString());
        Assert.Equal(2, line.GetProperty("attempts").GetInt32());
        Assert.Equal(code, line.GetProperty("error").GetProperty("code").GetString());
        Assert.NotEmpty(line.GetProperty("error").GetProperty("message").GetString()!);
        Assert.Equal(received, DownloadedResults.BodyOf(line));
    }

    static bool Has(byte[] content, string text) => content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}
