using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Tests.Building;
using Rollcall.Validation;

namespace Rollcall.Tests.Intake;

public sealed class JsonLinesItemsTests
{
    static readonly string LongestId = new('i', BatchItem.MaxIdLength);

    [Theory]
    [InlineData("""{ "b" : 1.0e+5, "b":2 }""")]
    [InlineData("""[1, 2 ,3]""")]
    [InlineData("\"t\\u00e9xt \\\" }\"")]
    [InlineData("-12.50e-3")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[[]]")]
    [InlineData("\"\"")]
    public async Task Body_OfAnyKind_KeepsItsBytes(string body)
    {
        foreach (string line in new[]
        {
            $$"""{"id":"a1","body":{{body}}}""",
            $$"""{"body":{{body}},"id":"a1"}""",
            $$""" { "id" : "a1" , "body" :   {{body}}   } """,
        })
        {
            var item = Assert.Single(await ReadLines.ItemsAsync(line, InputFormat.Items));
            Assert.Equal(body, item.Text());
            Assert.Equal("a1", item.Id);
        }
    }

    [Fact]
    public async Task Id_LeftOut_IsNull()
    {
        Assert.Null(Assert.Single(await ReadLines.ItemsAsync("""{"body":1}""", InputFormat.Items)).Id);
    }

    [Fact]
    public async Task Id_WithEscapes_IsTheTextThatTheyStandFor()
    {
        var item = Assert.Single(await ReadLines.ItemsAsync("""{"id":"\u00e9\ud83d\ude00\"","body":1}""", InputFormat.Items));
        Assert.Equal("é😀\"", item.Id);
    }

    [Fact]
    public async Task Id_OfTheGreatestLength_IsAccepted()
    {
        Assert.Equal(LongestId, Assert.Single(await ReadLines.ItemsAsync($$"""{"id":"{{LongestId}}","body":1}""", InputFormat.Items)).Id);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("iiii", 260)]
    public async Task Id_OfAWrongLength_IsRefused(string more, int length)
    {
        string id = more.Length == 0 ? "" : LongestId + more;
        var error = await ReadLines.OnlyErrorAsync($$"""{"id":"{{id}}","body":1}""", InputFormat.Items);
        Assert.Equal(
            $"has an item whose \"id\" has {length} characters: a string of 1 to 256 characters is needed.",
            error.Message);
    }

    [Theory]
    [InlineData("1", "a number")]
    [InlineData("null", "null")]
    [InlineData("[\"a\"]", "an array")]
    public async Task Id_OfAnotherType_IsRefused(string id, string kind)
    {
        var error = await ReadLines.OnlyErrorAsync($$"""{"id":{{id}},"body":1}""", InputFormat.Items);
        Assert.Equal($"has an item whose \"id\" is {kind}: a string of 1 to 256 characters is needed.", error.Message);
    }

    [Theory]
    [InlineData("""{"id":"\ud800","body":1}""")]
    [InlineData("""{"id":"a\udc00b","body":1}""")]
    public async Task Id_WithHalfACharacter_IsRefused(string line)
    {
        Assert.Equal(1, (await ReadLines.OnlyErrorAsync(line, InputFormat.Items)).Line);
    }

    [Theory]
    [InlineData("""{"body":1,"BODY":2}""", "BODY", " Did you mean \"body\"?")]
    [InlineData("""{"body":1,"priority":{"x":1}}""", "priority", "")]
    [InlineData("""{"ID":"a","body":1}""", "ID", " Did you mean \"id\"?")]
    public async Task Field_ThatIsUnknown_IsRefusedByName(string line, string name, string hint)
    {
        var error = await ReadLines.OnlyErrorAsync(line, InputFormat.Items);
        Assert.Equal($"has an item whose \"{name}\" is not known: \"id\" and \"body\" are allowed.{hint}", error.Message);
    }

    [Fact]
    public async Task Field_WhoseNameHasHalfACharacter_IsRefused()
    {
        Assert.Equal(1, (await ReadLines.OnlyErrorAsync("""{"\ud800":1,"body":1}""", InputFormat.Items)).Line);
    }

    [Fact]
    public async Task Field_WithALongName_IsRefusedInAShortMessage()
    {
        var error = await ReadLines.OnlyErrorAsync($$"""{"{{new string('x', 100_000)}}":1}""", InputFormat.Items);
        Assert.InRange(error.Message.Length, 1, 1000);
    }

    [Theory]
    [InlineData("""{"id":"a"}""", "has an item whose \"body\" is missing: the payload to send is needed.")]
    [InlineData("{}", "has an item whose \"body\" is missing: the payload to send is needed.")]
    [InlineData("""{"id":"a","id":"b","body":1}""", "has an item whose \"id\" is there more than once.")]
    [InlineData("""{"body":1,"body":1}""", "has an item whose \"body\" is there more than once.")]
    public async Task Envelope_WithAFieldTooFewOrTooMany_IsRefused(string line, string message)
    {
        Assert.Equal(InputError.AtLine(1, message), await ReadLines.OnlyErrorAsync(line, InputFormat.Items));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"a\"")]
    [InlineData("1")]
    [InlineData("null")]
    public async Task Line_ThatIsNoObject_IsNoEnvelope(string line)
    {
        Assert.StartsWith(
            "is not an item envelope",
            (await ReadLines.OnlyErrorAsync(line, InputFormat.Items)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"body":1""")]
    [InlineData("""{"body":1}}""")]
    [InlineData("""{"body":1} {"body":2}""")]
    [InlineData("""{"body":}""")]
    public async Task Envelope_ThatIsNotJson_IsNamed(string line)
    {
        Assert.StartsWith("is not JSON: ", (await ReadLines.OnlyErrorAsync(line, InputFormat.Items)).Message, StringComparison.Ordinal);
    }
}
