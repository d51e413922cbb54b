using System.Text;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>
/// Every form of a length that a target may send with a body of 11 bytes, in both protocols. A form is the values of one or more headers,
/// with | in between.
/// </summary>
public sealed class ItemSenderLengthTests
{
    const string None = "none";

    const string Body = """{"ok":true}""";

    public static TheoryData<string> RightLengths { get; } =
    [
        None,
        "11",
        "011",
        "00000000000000000000011",
        "11|11",
        "11, 11",
        "11,11",
        "11 ,\t11",
        "11,011",
        "11, 11|11",
    ];

    public static TheoryData<string> WrongLengths { get; } =
    [
        "0",
        "5",
        "10",
        "12",
        "100",
        "9223372036854775807",
        "5|11",
        "11|5",
        "5, 11",
        "11, 5",
        "5, 5",
        "12,12",
        "11|abc",
        "abc|11",
        "11|",
        "|11",
        "",
        "   ",
        "11,",
        ",11",
        "11,,11",
        ",",
        "11;",
        "11.0",
        "100.0",
        "1e1",
        "\"11\"",
        "\"100\"",
        "'11'",
        "+11",
        "-11",
        "-0",
        "-1",
        "0x0b",
        "0xB",
        "b",
        "1 1",
        "1_1",
        "11 bytes",
        "11B",
        "NaN",
        "null",
        "9223372036854775808",
        "18446744073709551627",
        "99999999999999999999",
        "１１",
    ];

    [Theory]
    [MemberData(nameof(RightLengths))]
    public async Task Length_ThatTheBodyHas_IsASuccess(string lengths)
    {
        foreach (var outcome in await SendAsync(lengths))
        {
            TestSender.AssertSucceeded(outcome);
            Assert.Equal(Body, outcome.Body?.Text);
        }
    }

    [Theory]
    [MemberData(nameof(WrongLengths))]
    public async Task Length_ThatTheBodyDoesNotHave_IsIncompleteWithTheBodysStartKept(string lengths)
    {
        foreach (var outcome in await SendAsync(lengths))
        {
            TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, outcome);
            Assert.Equal(200, outcome.HttpStatus);
            Assert.StartsWith(outcome.Body!.Text!, Body, StringComparison.Ordinal);
            Assert.True(outcome.Body.Bytes > 0 || lengths == "0", $"Nothing of the body was kept: {outcome}.");
        }
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(200_000)]
    public async Task Body_ThatGoesOnBehindItsLength_IsIncomplete(int length)
    {
        byte[] body = TestBytes.Text(length + 1);
        await using var target = Target.Start(Responses.WithHead($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n", body));
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, outcome);
        await sender.AssertBodyAsync(body[..length], outcome);
    }

    [Fact]
    public async Task Body_ThatGoesOnBehindItsLengthOverTls_IsIncomplete()
    {
        byte[] body = TestBytes.Text(5001);
        await using var target = Target.StartTls(Responses.WithHead("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", body));
        using var sender = TestSender.Trusting(target.CertificateHash);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, await sender.SendAsync(target.Url));
    }

    [Theory]
    [InlineData("11, 11", null)]
    [InlineData("10, 10", ItemErrorCode.BodyIncomplete)]
    [InlineData("11.0", ItemErrorCode.BodyIncomplete)]
    public async Task KeptAliveConnection_BehindALengthThatTheClientCannotRead_IsNotWaitedFor(string length, ItemErrorCode? error)
    {
        await using var target = Target.Start(
            Responses.WithHead($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n", Encoding.UTF8.GetBytes(Body)));
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url);
        Assert.Equal((error, Body), (outcome.Error?.Code, outcome.Body?.Text));
    }

    [Theory]
    [InlineData(204, "5", true)]
    [InlineData(204, "abc", true)]
    [InlineData(304, "5", false)]
    public async Task Status_WithoutABody_HasNoLengthToKeep(int status, string length, bool isSuccess)
    {
        await using var target = Target.Start(
            (_, connection) => connection.SendAsync($"HTTP/1.1 {status} Status\r\nContent-Length: {length}\r\n\r\n"));
        using var sender = new TestSender();
        foreach (var outcome in new[] { await sender.SendAsync(target.Url), await SendHttp2Async($"{status}", ("content-length", length)) })
        {
            Assert.Equal(isSuccess ? null : ItemErrorCode.HttpStatus, outcome.Error?.Code);
        }
    }

    [Theory]
    [InlineData("11", null)]
    [InlineData("100", ItemErrorCode.BodyIncomplete)]
    public async Task Length_OfACodedBody_IsThatOfTheBytesThatCome(string more, ItemErrorCode? error)
    {
        byte[] coded = TestCoding.Encode("gzip", Encoding.UTF8.GetBytes(Body));
        int length = coded.Length + int.Parse(more, System.Globalization.CultureInfo.InvariantCulture) - Body.Length;
        await using var target = RawHttp2Target.Start(stream =>
        [
            .. RawHttp2Target.HeadersOf(stream, "200", ("content-length", $"{length}"), ("content-encoding", "gzip")),
            .. RawHttp2Target.LastDataOf(stream, coded),
        ]);
        using var sender = TestSender.Trusting(target.CertificateHash);
        var outcome = await sender.SendAsync(target.Url);
        Assert.Equal((error, Body), (outcome.Error?.Code, outcome.Body?.Text));
    }

    static async Task<ItemOutcome[]> SendAsync(string form)
    {
        string[] lengths = form == None ? [] : form.Split('|');
        string head = "HTTP/1.1 200 OK\r\n" + string.Concat(lengths.Select(length => $"Content-Length: {length}\r\n")) + "\r\n";
        await using var target = Target.Start(Responses.ThenClose(Responses.WithHead(head, Encoding.UTF8.GetBytes(Body))));
        using var sender = new TestSender();
        return [await sender.SendAsync(target.Url), await SendHttp2Async("200", [.. lengths.Select(length => ("content-length", length))])];
    }

    static async Task<ItemOutcome> SendHttp2Async(string status, params (string Name, string Value)[] headers)
    {
        await using var target = RawHttp2Target.Start(stream =>
        [
            .. RawHttp2Target.HeadersOf(stream, status, headers),
            .. RawHttp2Target.LastDataOf(stream, status == "200" ? Encoding.UTF8.GetBytes(Body) : []),
        ]);
        using var sender = TestSender.Trusting(target.CertificateHash);
        return await sender.SendAsync(target.Url);
    }
}
