using System.Text;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

public sealed class SendingTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task Target_ThatFails_GivesNamedFailuresAndTheyCanBeReadAlone()
    {
        await using var target = await PayloadTarget.StartAsync();
        Payload[] payloads = [.. Enumerable.Range(0, 120).Select(number => new Payload(number, 9000, Fault: FaultOf(number)))];
        var batch = BatchDocument.Of(target.Url, payloads) with { Options = """{"retry":{"maxAttempts":2,"firstDelaySeconds":0.01}}""" };

        string id = await Api.StartAsync(batch);
        var status = await Api.WaitForCompletionAsync(id);

        Assert.Equal(24, status.GetProperty("counts").GetProperty("failed").GetInt32());
        var results = await Api.DownloadResultsAsync(id);
        Assert.Equal(Enumerable.Range(0, 120), results.Indexes);
        foreach (var (line, payload) in results.Lines.Zip(payloads))
        {
            if (payload.Fault is null)
            {
                DownloadedResults.RequireAnswer(line, payload);
                continue;
            }

            Assert.Equal("failed", line.GetProperty("status").GetString());
            Assert.Equal(2, line.GetProperty("attempts").GetInt32());
            Assert.Equal(payload.Fault == PayloadFault.Status500 ? "http-status" : "body-incomplete", line.GetProperty("error").GetProperty("code").GetString());
            Assert.NotEmpty(line.GetProperty("error").GetProperty("message").GetString()!);
            byte[] answer = payload.AnswerTo(payload.ToBytes());
            Assert.Equal(payload.Fault == PayloadFault.Status500 ? answer : answer[..4500], DownloadedResults.BodyOf(line));
        }

        var failed = await Api.DownloadResultsAsync(id, "?status=failed");
        Assert.Equal(payloads.Where(payload => payload.Fault is not null).Select(payload => payload.Number), failed.Indexes);
        Assert.Equal(96 + (2 * 24), target.Requests.Count);
    }

    [Fact]
    public async Task Payloads_AndAnswersOver4Mebibytes_AreWhole()
    {
        await using var target = await PayloadTarget.StartAsync();
        Payload[] payloads = [.. Enumerable.Range(0, 8).Select(number =>
            new Payload(number, (4 * Megabyte) + 1 + number, IsBinary: number % 2 == 1, Padding: new string('x', (4 * Megabyte) + number)))];

        string id = await Api.StartAsync(BatchDocument.Of(target.Url, payloads));
        await Api.WaitForCompletionAsync(id);

        (await Api.DownloadResultsAsync(id)).RequireAnswers(payloads);
    }

    [Fact]
    public async Task Shard_WhosePayloadsTogetherExceed4Mebibytes_IsWhole()
    {
        await using var target = await PayloadTarget.StartAsync();
        Payload[] payloads = [.. Enumerable.Range(0, 90).Select(number => new Payload(number, 300, Padding: new string('y', 100_000)))];

        string id = await Api.StartAsync(BatchDocument.Of(target.Url, payloads));
        await Api.WaitForCompletionAsync(id);

        (await Api.DownloadResultsAsync(id)).RequireAnswers(payloads);
    }

    [Fact]
    public async Task Concurrency_Of5_IsReachedAndNeverExceeded()
    {
        await using var target = await PayloadTarget.StartAsync(answerTime: TimeSpan.FromMilliseconds(50));
        var payloads = Payload.Many(300);

        string id = await Api.StartAsync(BatchDocument.Of(target.Url, payloads) with { Options = """{"concurrency":5}""" });
        await Api.WaitForCompletionAsync(id);

        (await Api.DownloadResultsAsync(id)).RequireAnswers(payloads);
        Assert.Equal(5, target.MostInFlight);
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

    static PayloadFault? FaultOf(int number) => (number % 10) switch
    {
        3 => PayloadFault.Status500,
        8 => PayloadFault.CutBody,
        _ => null,
    };

    static bool Has(byte[] content, string text) => content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}
