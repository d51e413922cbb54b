using System.Text;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>
/// Every form of a Transfer-Encoding that a target may send with a body of 11 bytes. A form is one or more headers, with | in between.
/// </summary>
public sealed class ItemSenderTransferTests
{
    const string Body = """{"ok":true}""";

    public static TheoryData<string> TransfersThatSayWhereTheBodyEnds { get; } =
    [
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: CHUNKED",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: , chunked",
        "Transfer-Encoding: chunked|Content-Length: 11",
        "Transfer-Encoding: chunked|Content-Length: 5",
        "Content-Length: 100|Transfer-Encoding: chunked",
        "Content-Length: abc|Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: gzip|Transfer-Encoding: chunked",
        "Transfer-Encoding: x-gzip,chunked|Content-Length: 5",
        "Transfer-Encoding: deflate, gzip, chunked",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: identity|Content-Length: 11",
        "Transfer-Encoding:|Content-Length: 11",
    ];

    public static TheoryData<string> TransfersThatDoNot { get; } =
    [
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked|Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked, identity, gzip",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunked;a=b",
        "Transfer-Encoding: compress, chunked",
        "Transfer-Encoding: compress",
        "Transfer-Encoding: gzip, gzip, gzip, gzip, gzip, chunked",
        "Transfer-Encoding: gzip|Content-Length: 11",
        "Transfer-Encoding: xchunked|Content-Length: 11",
    ];

    [Theory]
    [MemberData(nameof(TransfersThatSayWhereTheBodyEnds))]
    public async Task TransferEncoding_ThatSaysWhereTheBodyEnds_CountsAheadOfALength(string headers)
    {
        var outcome = await SendTransferAsync("HTTP/1.1", headers);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal((Body, null), (outcome.Body?.Text, outcome.ContentEncoding));
    }

    [Theory]
    [MemberData(nameof(TransfersThatDoNot))]
    public async Task TransferEncoding_ThatDoesNotSayWhereTheBodyEnds_IsIncomplete(string headers) =>
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, await SendTransferAsync("HTTP/1.1", headers));

    [Fact]
    public async Task TransferEncoding_OfHttp10_IsIncomplete() =>
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, await SendTransferAsync("HTTP/1.0", "Transfer-Encoding: chunked"));

    [Fact]
    public async Task TransferEncoding_OfHttp2_IsIncomplete()
    {
        await using var target = RawHttp2Target.Start(stream =>
        [
            .. RawHttp2Target.HeadersOf(stream, "200", ("transfer-encoding", "chunked")),
            .. RawHttp2Target.LastDataOf(stream, Encoding.UTF8.GetBytes(Body)),
        ]);
        using var sender = TestSender.Trusting(target.CertificateHash);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, await sender.SendAsync(target.Url));
    }

    static async Task<ItemOutcome> SendTransferAsync(string version, string form)
    {
        string[] headers = form.Split('|');
        string all = string.Join(',', headers.Where(h => h.StartsWith('T')).Select(h => h.Split(':')[1]));
        byte[] body = Encoding.UTF8.GetBytes(Body);
        foreach (string coding in all.Split(',', StringSplitOptions.TrimEntries))
        {
            body = coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8]
                : TestCoding.Encode(coding, body);
        }

        await using var target = Target.Start(
            Responses.ThenClose(Responses.WithHead($"{version} 200 OK\r\n{string.Join("\r\n", headers)}\r\n\r\n", body)));
        using var sender = new TestSender();
        return await sender.SendAsync(target.Url);
    }
}
