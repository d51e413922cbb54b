using System.Text;
using Microsoft.Extensions.Time.Testing;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>Outside 2xx the status decides, whatever became of the body.</summary>
public sealed class ItemSenderStatusTests
{
    public static TheoryData<string> Bodies { get; } = [
        "whole", "not gzip", "gzip that is cut", "too large", "cut", "unreadable length", "cut in a chunk"];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Status_ThatPasses_IsTriedAgainWhateverBecameOfTheBody(string body)
    {
        foreach (int status in new[] { 429, 503 })
        {
            await using var target = Target.StartSequence(RespondWith(status, body), Responses.With(200, "ok"));
            using var sender = new TestSender { MaxWaitSeconds = 60, MaxBodyBytes = 1000 };
            var outcome = await sender.SendAsync(target.Url);
            TestSender.AssertSucceeded(outcome);
            Assert.Equal(
                [(status, ItemErrorCode.HttpStatus), (200, null)],
                outcome.AttemptHistory!.Select(a => (a.HttpStatus!.Value, a.Error)));
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Status_ThatDoesNotPass_IsFinalWhateverBecameOfTheBodyAndItsStartIsKept(string body)
    {
        await using var target = Target.Start(RespondWith(400, body));
        using var sender = new TestSender { MaxAttempts = 3, MaxBodyBytes = 1000 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
        Assert.Equal((400, 1), (outcome.HttpStatus, outcome.Attempts));
        Assert.StartsWith("The target answered 400 Status.", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(body != "whole", outcome.Error.Message.Length > "The target answered 400 Status.".Length);
        Assert.StartsWith("slow down", Encoding.UTF8.GetString(await sender.BodyOfAsync(outcome)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_WhoseConnectionIsResetInTheBody_IsFinalWithTheStartKept()
    {
        byte[] part = TestBytes.Text(50_000);
        var hasRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = Target.Start(async (_, connection) =>
        {
            await Responses.WithHead("HTTP/1.1 400 Status\r\nContent-Length: 100000\r\n\r\n", part)(null!, connection);
            await hasRead.Task.WaitAsync(connection.Stopping);
            connection.Reset();
        });
        using var sender = new TestSender(bodyHook: stream =>
        {
            hasRead.TrySetResult();
            return stream;
        });
        sender.MaxAttempts = 3;
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
        Assert.Equal(1, outcome.Attempts);
        await sender.AssertBodyAsync(part[..(int)outcome.Body!.Bytes], outcome);
    }

    [Fact]
    public async Task Redirect_WhoseBodyIsCut_IsARedirectAllTheSame()
    {
        await using var target = Target.Start(
            Responses.ThenClose(Responses.WithHead("HTTP/1.1 302 Status\r\nLocation: /x\r\nContent-Length: 9\r\n\r\n", "mov"u8.ToArray())));
        using var sender = new TestSender { MaxAttempts = 3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Redirect, outcome);
        Assert.Equal(("mov", 1), (outcome.Body?.Text, outcome.Attempts));
    }

    [Fact]
    public async Task Status_WhoseBodyDoesNotEndInTime_CountsAndNotTheTime()
    {
        var time = new FakeTimeProvider();
        using var taken = new TakenBytes();
        await using var target = Target.Start(async (_, connection) =>
        {
            await taken.SendAsync(connection, "HTTP/1.1 400 Status\r\nContent-Length: 100\r\n\r\nslow");
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(Timeout.Infinite, connection.Stopping);
        });
        using var sender = new TestSender(
            time,
            client: Rollcall.Sending.SenderHttp.CreateClient(taken.CreateHandler()))
        { TimeoutSeconds = 1, MaxAttempts = 3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
        Assert.Equal("The target answered 400 Status. The time limit of 1 s passed after 4 bytes of the body.", outcome.Error!.Message);
        Assert.Equal(("slow", 1), (outcome.Body?.Text, outcome.Attempts));
    }

    [Theory]
    [InlineData("HTTP/1.1 000 Zero")]
    [InlineData("HTTP/1.1 001 One")]
    [InlineData("HTTP/1.1 020 Twenty")]
    [InlineData("HTTP/1.1 099 Ninety-nine")]
    [InlineData("HTTP/1.1 1000 Thousand")]
    [InlineData("HTTP/1.1 20 OK")]
    [InlineData("HTTP/1.1 -20 OK")]
    [InlineData("HTTP/1.1 2x0 OK")]
    [InlineData("HTTP/1.1  200 OK")]
    [InlineData("HTTP/1.1 200OK")]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/1.1 OK")]
    [InlineData("HTTP/2.0 200 OK")]
    [InlineData("HTTP/11 200 OK")]
    [InlineData("http/1.1 200 OK")]
    [InlineData("ICY 200 OK")]
    [InlineData("200 OK")]
    [InlineData("")]
    public async Task StatusLine_ThatIsNotOfHttp_IsNoResponse(string line)
    {
        await using var target = Target.Start(
            Responses.ThenClose(Responses.WithHead($"{line}\r\nContent-Length: 2\r\n\r\n", "ok"u8.ToArray())));
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.NoResponse, outcome);
        Assert.Null(outcome.HttpStatus);
    }

    [Theory]
    [InlineData("099")]
    [InlineData("000")]
    [InlineData("1000")]
    [InlineData("20")]
    [InlineData("2x0")]
    [InlineData("")]
    public async Task Status_OfHttp2ThatIsNoStatus_IsNoResponse(string status)
    {
        await using var target = RawHttp2Target.Start(
            stream => [.. RawHttp2Target.HeadersOf(stream, status), .. RawHttp2Target.LastDataOf(stream, "ok"u8)]);
        using var sender = TestSender.Trusting(target.CertificateHash);
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.NoResponse, outcome);
        Assert.Null(outcome.HttpStatus);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(999)]
    public async Task Status_AboveThoseOfHttp_IsAnErrorStatus(int status)
    {
        await using var target = Target.Start(Responses.With(status, "odd"));
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
        Assert.Equal(status, outcome.HttpStatus);
    }

    [Fact]
    public async Task ReasonPhrase_InUtf8OrLatin1_IsReadable()
    {
        byte[] tail = "\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
        foreach (byte[] phrase in new[] { Encoding.UTF8.GetBytes("Überlastet"), Encoding.Latin1.GetBytes("Überlastet") })
        {
            await using var target = Target.Start(
                (_, connection) => connection.SendAsync((byte[])[.. "HTTP/1.1 503 "u8, .. phrase, .. tail]));
            using var sender = new TestSender();
            Assert.Equal("The target answered 503 Überlastet.", (await sender.SendAsync(target.Url)).Error?.Message);
        }
    }

    static Behaviour RespondWith(int status, string body)
    {
        string head = $"HTTP/1.1 {status} Status\r\n";
        byte[] text = "slow down"u8.ToArray();
        return body switch
        {
            "whole" => Responses.With(status, text),
            "not gzip" => Responses.With(status, text, "Content-Encoding: gzip"),
            "gzip that is cut" => Responses.With(status, CutGzip(), "Content-Encoding: gzip"),
            "too large" => Responses.With(status, (byte[])[.. text, .. new byte[3000]]),
            "cut" => Responses.ThenClose(Responses.WithHead(head + "Content-Length: 100\r\n\r\n", text)),
            "unreadable length" => Responses.ThenClose(Responses.WithHead(head + "Content-Length: 1.0\r\n\r\n", text)),
            _ => Responses.ThenClose(Responses.WithHead(head + "Transfer-Encoding: chunked\r\n\r\n64\r\n", text)),
        };
    }

    static byte[] CutGzip()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionLevel.NoCompression))
        {
            gzip.Write("slow down"u8);
        }

        return compressed.ToArray()[..^4];
    }
}
