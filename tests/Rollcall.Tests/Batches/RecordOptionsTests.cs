using System.Text.Json;
using Rollcall.Batches;

namespace Rollcall.Tests.Batches;

/// <summary>What result lines have besides the outcomes, as it is given in a request.</summary>
public sealed class RecordOptionsTests
{
    [Theory]
    [InlineData("""{"content":"a b"}""", "of 'content' is not an expression of JMESPath: column 3, near 'b'.")]
    [InlineData("""{"content":""}""", "of 'content' has 0 characters: an expression of JMESPath has 1 to 1000.")]
    [InlineData("""{"content":7}""", "of 'content' is 7: an expression of JMESPath, a string, is needed.")]
    [InlineData("""{"Status":"a"}""", "has the name 'Status', which a column of the results has: choose another one.")]
    [InlineData("""{"a":"a","A":"b"}""", "has the name 'A' twice: in a table, names differ by more than case.")]
    [InlineData("""{"a.b":"a"}""", "has the name 'a.b': 1 to 64 letters, digits, - and _ are needed, and no digit or - first.")]
    [InlineData("[]", "is an array: an object of names and expressions of JMESPath is needed.")]
    public void Extract_ThatIsWrong_IsRefused(string json, string expected) => Assert.Equal(expected, Read("record.extract", json, new()));

    [Theory]
    [InlineData("""["X-A","x-a"]""", "has 'x-a' twice.")]
    [InlineData("""["x a"]""", "is 'x a': the name of a header is needed.")]
    [InlineData("""["SET-COOKIE"]""", "has 'set-cookie', which is not kept")]
    [InlineData("[7]", "is an array of other values: an array of names of headers is needed.")]
    public void Headers_ThatAreWrong_AreRefused(string json, string expected) =>
        Assert.StartsWith(expected, Read("record.keepHeaders", json, new()), StringComparison.Ordinal);

    [Theory]
    [InlineData("record.extract", """{"b":"x[0]","a":"y == 'ä\"'"}""")]
    [InlineData("record.keepHeaders", "x-b,x-a")]
    public void Option_AsAQueryHasIt_IsReadBack(string name, string text)
    {
        var option = OptionField.All.Single(option => option.Name == name);
        var options = new BatchOptions();
        Assert.Null(option.FindText(options));
        Assert.Null(option.Read(text, options));
        Assert.Equal(text, option.FindText(options));
        Assert.Equal(new BatchOptions(), Copy(new BatchOptions()));
        Assert.Equal(options.Record, Copy(options).Record);
    }

    static BatchOptions Copy(BatchOptions options) => JsonSerializer.Deserialize<BatchOptions>(
        JsonSerializer.SerializeToUtf8Bytes(options, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;

    static string? Read(string name, string json, BatchOptions options)
    {
        using var value = JsonDocument.Parse(json);
        return OptionField.All.Single(option => option.Name == name).Read(value.RootElement, options);
    }
}
