using System.Text;
using Rollcall.Tests.Building;
using Rollcall.Validation;

namespace Rollcall.Tests.Intake;

public sealed class JsonLinesPayloadTests
{
    public static TheoryData<string> Payloads { get; } =
    [
        """{"n":1.0e+5}""",
        """{"n":100000000000000000000000000000000001}""",
        """{"n":-0.0}""",
        """{"z":1,"a":2}""",
        """{"a":1,"a":2}""",
        """{"s":"\u00e9\u0041\/\b"}""",
        """{"s":"\ud800"}""",
        """{ "a" :	[ 1 , 2 ] }""",
        """  {"a":1}  """,
        """{"s":"héllo 👩‍👩‍👧‍👦"}""",
        "{\"a\":1,\r\"b\":2}",
        "[]",
        "\"text\"",
        "17",
        "null",
        "false",
    ];

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Payload_OfAnyJson_KeepsItsBytes(string payload)
    {
        // Of two lines, as one array alone is taken for a file that is an array.
        var items = await ReadLines.ItemsAsync(payload + "\n1\n");
        Assert.Equal(2, items.Count);
        var item = items[0];
        Assert.Equal(payload, item.Text());
        Assert.Null(item.Id);
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2}\n")]
    [InlineData("{\"a\":1}\n{\"a\":2}")]
    [InlineData("{\"a\":1}\r\n{\"a\":2}\r\n")]
    [InlineData("\uFEFF{\"a\":1}\n{\"a\":2}\n")]
    [InlineData("{\"a\":1}\n{\"a\":2}\n\n \t\r\n\n")]
    public async Task Lines_HoweverTheyEnd_AreOnePayloadEach(string text)
    {
        var items = await ReadLines.ItemsAsync(text);
        Assert.Equal(["""{"a":1}""", """{"a":2}"""], items.Select(TestItems.Text));
    }

    [Fact]
    public async Task BlankLine_InTheMiddle_IsAnErrorWithItsNumber()
    {
        var failure = await ReadLines.FailureAsync("{}\n\n \n{}\n\n");
        Assert.Equal([2, 3], failure.Errors.Select(e => e.Line!.Value));
        Assert.All(failure.Errors, e => Assert.Contains("is empty", e.Message, StringComparison.Ordinal));
        Assert.Equal(2, failure.Count);
    }

    [Fact]
    public async Task BlankLine_AtTheStart_IsAnErrorWithItsNumber()
    {
        Assert.Equal(1, (await ReadLines.OnlyErrorAsync("\n{}\n")).Line);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n \n\t\n")]
    [InlineData("\uFEFF")]
    public async Task Input_WithoutAPayload_IsRefused(string text)
    {
        var failure = await ReadLines.FailureAsync(text);
        Assert.Equal("The input has no line, so there is nothing to send.", failure.Message);
        Assert.Equal(InputError.AtField("", "has no line, so there is nothing to send."), Assert.Single(failure.Errors));
    }

    [Theory]
    [InlineData("{\"a\":1", 7)]
    [InlineData("{'a':1}", 2)]
    [InlineData("{\"a\":1,}", 8)]
    [InlineData("{\"a\":1} {\"a\":2}", 9)]
    [InlineData("{\"a\":01}", 7)]
    [InlineData("nope", 2)]
    [InlineData("{} // comment", 4)]
    public async Task Line_ThatIsNotJson_IsNamedWithItsNumberAndByte(string line, int atByte)
    {
        var error = await ReadLines.OnlyErrorAsync($"{{}}\n{line}\n{{}}\n");
        Assert.Equal(2, error.Line);
        Assert.StartsWith("is not JSON: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"(at byte {atByte})", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongLines_MoreThanAreNamed_AreAllCounted()
    {
        var text = new StringBuilder();
        for (int i = 0; i < 60; i++)
        {
            text.Append("wrong\n{}\n");
        }

        var failure = await ReadLines.FailureAsync(text.ToString());
        Assert.Equal(60, failure.Count);
        Assert.Equal("60 of 120 lines cannot be sent.", failure.Message);
        Assert.Equal(
            Enumerable.Range(0, InvalidInputException.MaxErrors).Select(i => (i * 2L) + 1),
            failure.Errors.Select(e => e.Line!.Value));
    }

    [Fact]
    public async Task Items_AfterAWrongLine_AreNotHandedOut()
    {
        await using var stream = new MemoryStream("{\"a\":1}\nwrong\n{\"a\":3}\n"u8.ToArray());
        var seen = new List<string>();
        await Assert.ThrowsAsync<InvalidInputException>(async () =>
        {
            await foreach (var item in ReadLines.Of(stream))
            {
                seen.Add(item.Text());
            }
        });
        Assert.Equal(["""{"a":1}"""], seen);
    }

    [Fact]
    public async Task Line_ThatIsNotUtf8_IsNamed()
    {
        var failure = await ReadLines.FailureAsync([.. "{}\n{\"a\":\""u8, 0xE9, .. "\"}\n"u8]);
        Assert.Equal(InputError.AtLine(2, "is not valid UTF-8."), Assert.Single(failure.Errors));
    }

    [Fact]
    public async Task Nesting_OfTheGreatestDepth_IsAccepted()
    {
        string payload = new string('[', 1000) + new string(']', 1000);
        Assert.Equal(payload, (await ReadLines.ItemsAsync(payload + "\n1\n"))[0].Text());
    }

    [Fact]
    public async Task Nesting_DeeperThanTheReaderGoes_IsAnError()
    {
        var error = await ReadLines.OnlyErrorAsync(new string('[', 1001) + new string(']', 1001));
        Assert.Contains("depth", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_AfterTheReading_IsStillOpen()
    {
        await using var stream = new MemoryStream("{}\n"u8.ToArray());
        await ReadLines.Of(stream).ToListAsync(TestContext.Current.CancellationToken);
        Assert.True(stream.CanRead);
    }
}
