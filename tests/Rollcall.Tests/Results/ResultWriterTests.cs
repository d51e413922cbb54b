using System.Text;
using CsCheck;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Results;

public sealed class ResultWriterTests
{
    const int Segment = 48 * 1024;

    public static TheoryData<string> Texts { get; } =
    [
        "",
        "{}",
        """{"quoted":"\"\\/"}""",
        "line one\r\nline two\n",
        "\0\u0001\b\t\u001f\u007f",
        "\u2028\u2029\u0085",
        "\uFEFF{}",
        "héllo €uro 👩‍👩‍👧‍👦",
        "<script>&'+</script>",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Body_OfAnyText_ComesBackExactly(string text)
    {
        var line = await ResultLines.WriteJsonAsync(TestOutcome.Succeeded(0, text));
        Assert.Equal(text, line.GetProperty("body").GetString());
        Assert.False(line.TryGetProperty("bodyBase64", out _));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task StoredBody_OfAnyText_ComesBackExactly(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var line = await ResultLines.WriteJsonAsync(OutcomeOf(TestOutcome.Stored("n", bytes, isText: true)), storedBody: bytes);
        Assert.Equal(text, line.GetProperty("body").GetString());
    }

    [Fact]
    public async Task Body_OfBinary_ComesBackAsBase64()
    {
        byte[] bytes = [0xFF, 0xFE, 0, 1, 0xC3];
        var line = await ResultLines.WriteJsonAsync(OutcomeOf(TestOutcome.Base64(bytes)));
        Assert.Equal(bytes, line.GetProperty("bodyBase64").GetBytesFromBase64());
        Assert.False(line.TryGetProperty("body", out _));
    }

    [Theory]
    [InlineData(Segment - 1)]
    [InlineData(Segment)]
    [InlineData(Segment + 1)]
    [InlineData(Segment + 2)]
    [InlineData(2 * Segment)]
    [InlineData((3 * Segment) + 17)]
    public async Task StoredBody_AroundASegment_ComesBackExactly(int length)
    {
        byte[] binary = [.. Enumerable.Range(0, length).Select(i => (byte)((i * 31) ^ (i >> 8) ^ 0x80))];
        byte[] text = [.. Enumerable.Repeat((byte)'x', length)];
        var asBase64 = await ResultLines.WriteJsonAsync(OutcomeOf(TestOutcome.Stored("n", binary, isText: false)), storedBody: binary);
        var asText = await ResultLines.WriteJsonAsync(OutcomeOf(TestOutcome.Stored("n", text, isText: true)), storedBody: text);
        AssertSame(binary, asBase64.GetProperty("bodyBase64").GetBytesFromBase64());
        AssertSame(text, Encoding.UTF8.GetBytes(asText.GetProperty("body").GetString()!));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("€")]
    [InlineData("👍")]
    [InlineData("\u2028")]
    [InlineData("\"")]
    public async Task StoredText_WithACharacterCutByASegment_ComesBackExactly(string character)
    {
        int size = Encoding.UTF8.GetByteCount(character);
        for (int before = 0; before <= size; before++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(
                new string('x', Segment - before) + character + new string('y', Segment - size) + character);
            var line = await ResultLines.WriteJsonAsync(OutcomeOf(TestOutcome.Stored("n", bytes, isText: true)), storedBody: bytes);
            AssertSame(bytes, ResultLines.BodyOf(line));
        }
    }

    [Fact]
    public async Task StoredBody_ShorterThanWasReceived_IsRefused()
    {
        var outcome = OutcomeOf(TestOutcome.Stored("n", new byte[100], isText: false));
        using var stream = new MemoryStream();
        await using var writer = new ResultWriter(stream);
        using var body = new MemoryStream(new byte[99]);
        Assert.False(await writer.TryWriteAsync(outcome, id: null, body), "What is missing was not noticed.");
    }

    [Fact]
    public async Task Line_OfASuccess_HasTheContractsFieldsWithTheBodyLast()
    {
        var line = await ResultLines.WriteJsonAsync(TestOutcome.Succeeded(7, "{}"), id: "a1");
        Assert.Equal(
            """{"index":7,"id":"a1","status":"succeeded","httpStatus":200,"attempts":1,"durationMs":1.5,"contentType":"application/json","""
                + $"\"bytes\":2,\"sha256\":\"{TestOutcome.Sha256Of([.. "{}"u8])}\",\"body\":\"{{}}\"}}",
            line.GetRawText());
    }

    [Fact]
    public async Task Line_OfAFailure_HasItsErrorAndNoBody()
    {
        var line = await ResultLines.WriteJsonAsync(TestOutcome.Failed(3, ItemErrorCode.BodyIncomplete));
        Assert.Equal(
            """{"index":3,"status":"failed","attempts":4,"durationMs":0,"error":{"code":"body-incomplete","message":"It failed."}}""",
            line.GetRawText());
    }

    [Fact]
    public async Task Lines_OfAnyOutcomes_AreReadBackEqual()
    {
        var text = Gen.OneOf(
            Gen.Char[' ', '~'],
            Gen.Char["\0\"\\\n\u2028\uFEFFé€"]).Array[0, 40].Select(characters => new string(characters));
        var body = Gen.OneOf(
            text.Select(t => (TestOutcome.Text(t), (byte[]?)null)),
            Gen.Byte.Array[0, 60].Select(b => (TestOutcome.Base64(b), (byte[]?)null)),
            text.Select(t => Encoding.UTF8.GetBytes(t)).Select(b => (TestOutcome.Stored("n", b, isText: true), (byte[]?)b)),
            Gen.Byte.Array[0, 60].Select(b => (TestOutcome.Stored("n", b, isText: false), (byte[]?)b)));
        var error = Gen.Select(Gen.Enum<ItemErrorCode>(), text, ItemError.Of).Null();
        var outcome = Gen.Select(Gen.Long[0, long.MaxValue], Gen.Enum<OutcomeStatus>(), Gen.Int[100, 599].Nullable(), error, text.Null());
        await Gen.Select(Gen.Select(outcome, body, text.Null()).List[0, 12], Gen.Int[1, 500]).SampleAsync(
            async (entries, most) =>
            {
                using var bytes = new MemoryStream();
                await using (var writer = new ResultWriter(bytes))
                {
                    foreach (var ((index, status, httpStatus, failure, contentType), (received, stored), id) in entries)
                    {
                        await using var stream = stored is null ? null : new MemoryStream(stored);
                        await writer.TryWriteAsync(
                            new ItemOutcome
                            {
                                Index = index,
                                Status = status,
                                HttpStatus = httpStatus,
                                Error = failure,
                                ContentType = contentType,
                                Body = received,
                            },
                            id,
                            stream);
                    }
                }

                await using var trickle = new TrickleStream(bytes.ToArray(), most);
                using var body = new LineBody();
                var reader = new ResultReader(trickle, [], body);
                foreach (var ((index, status, httpStatus, failure, _), (received, _), _) in entries)
                {
                    Assert.Equal(
                        new ResultLine(index, status, httpStatus, failure?.Code, Bytes: received.Bytes),
                        await reader.ReadAsync(CancellationToken.None));
                }

                Assert.Null(await reader.ReadAsync(CancellationToken.None));
                string[] lines = Encoding.UTF8.GetString(bytes.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                for (int i = 0; i < entries.Count; i++)
                {
                    var line = System.Text.Json.JsonElement.Parse(lines[i]);
                    Assert.Equal(entries[i].Item2.Item1.Sha256, TestOutcome.Sha256Of(ResultLines.BodyOf(line)));
                    Assert.Equal(entries[i].Item3, line.TryGetProperty("id", out var id) ? id.GetString() : null);
                    Assert.Equal(
                        entries[i].Item1.Item4?.Message,
                        line.TryGetProperty("error", out var read) ? read.GetProperty("message").GetString() : null);
                }
            },
            iter: 500,
            threads: 1);
    }

    static ItemOutcome OutcomeOf(ItemBody body) => TestOutcome.Succeeded(0) with { Body = body };

    static void AssertSame(byte[] expected, byte[] actual) => Assert.True(
        expected.AsSpan().SequenceEqual(actual),
        $"A body of {expected.Length} bytes came back as {actual.Length} bytes that differ from byte "
        + $"{expected.AsSpan().CommonPrefixLength(actual)} on.");
}
