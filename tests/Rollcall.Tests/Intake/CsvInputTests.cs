using System.Text;
using Rollcall.Intake;

namespace Rollcall.Tests.Intake;

/// <summary>Rows of CSV and TSV become objects of their columns.</summary>
public sealed class CsvInputTests
{
    static readonly InputOptions Strings = new() { Format = InputFormat.Csv, CsvTypes = CsvTypes.String };

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_OfColumns_AreObjects() =>
        Assert.Equal(
            ["""{"customer_id":1,"name":"Ann","active":true}""", """{"customer_id":2,"name":"Bo","active":false}"""],
            await ReadInput.TextsAsync("customer_id,name,active\n1,Ann,true\n2,Bo,false\n", InputFormat.Csv));

    [Theory]
    [InlineData("1", "1")]
    [InlineData("-1", "-1")]
    [InlineData("0", "0")]
    [InlineData("0.5", "0.5")]
    [InlineData("-0.05", "-0.05")]
    [InlineData("123456789012345", "123456789012345")]
    [InlineData("00123", "\"00123\"")]
    [InlineData("+4915112345678", "\"+4915112345678\"")]
    [InlineData("1.0", "\"1.0\"")]
    [InlineData("1.", "\"1.\"")]
    [InlineData(".5", "\".5\"")]
    [InlineData("1e5", "\"1e5\"")]
    [InlineData("-0", "\"-0\"")]
    [InlineData("-", "\"-\"")]
    [InlineData(" 1", "\" 1\"")]
    [InlineData("1 ", "\"1 \"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("0x10", "\"0x10\"")]
    [InlineData("NaN", "\"NaN\"")]
    [InlineData("4111111111111111", "\"4111111111111111\"")]
    [InlineData("0.1234567890123456", "\"0.1234567890123456\"")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("True", "\"True\"")]
    [InlineData("null", "\"null\"")]
    public async Task Column_OfOneValue_HasTheTypeThatTheValueIsWrittenIn(string value, string json) =>
        Assert.Equal([$$"""{"a":{{json}},"b":"x"}"""], await ReadInput.TextsAsync($"a,b\n{value},x\n", InputFormat.Csv));

    [Theory]
    [InlineData("1\n2\nx\n", "\"1\" \"2\" \"x\"")]
    [InlineData("1\n2\n007\n", "\"1\" \"2\" \"007\"")]
    [InlineData("true\n1\n", "\"true\" \"1\"")]
    [InlineData("1\n\"\"\n3\n", "1 null 3")]
    [InlineData("true\n\"\"\n", "true null")]
    [InlineData("x\n\"\"\n", "\"x\" \"\"")]
    [InlineData("\"\"\n\"\"\n", "\"\" \"\"")]
    [InlineData("\"1\"\n\"2\"\n", "1 2")]
    public async Task Column_OfSeveralValues_HasATypeOnlyIfAllHaveIt(string values, string json) =>
        Assert.Equal(json.Split(' ').Select(value => $$"""{"a":{{value}}}"""), await ReadInput.TextsAsync("a\n" + values, InputFormat.Csv));

    [Fact]
    public async Task Types_TurnedOff_AreStringsAndNothingIsReadTwice()
    {
        Assert.Equal(["""{"a":"1","b":"true","c":""}"""], await ReadInput.TextsAsync("a,b,c\n1,true,\n", Strings));
        await using var input = await InputReader.OpenAsync(ReadInput.Source("a,b\n1,2\n"u8.ToArray()), Strings, Cancelled);
        Assert.Null(input.Rows);
        Assert.Equal([new("a", CsvType.Text), new("b", CsvType.Text)], input.Columns);
    }

    [Fact]
    public async Task Columns_AndTheNumberOfRows_AreKnownOnceTheInputIsOpen()
    {
        byte[] bytes = "id,n,b\nx,1,true\ny,2,false\nz,3,true\n"u8.ToArray();
        var options = new InputOptions { Format = InputFormat.Csv };
        await using var input = await InputReader.OpenAsync(ReadInput.Source(bytes), options, Cancelled);
        Assert.Equal([new("id", CsvType.Text), new("n", CsvType.Number), new("b", CsvType.Boolean)], input.Columns);
        Assert.Equal(3, input.Rows);
        Assert.Equal(3, await input.ReadAsync(rule: null, Cancelled).CountAsync(Cancelled));
    }

    [Theory]
    [InlineData("a,b\r\n1,2\r\n", """{"a":1,"b":2}""")]
    [InlineData("a,b\n1,2", """{"a":1,"b":2}""")]
    [InlineData("\ufeffa,b\n1,2\n\n\n", """{"a":1,"b":2}""")]
    [InlineData("a;b\n1,5;2\n", """{"a":"1,5","b":2}""")]
    [InlineData("a\tb\n1\t2\n", """{"a":1,"b":2}""")]
    [InlineData("\"a;x\",b\n1,2\n", """{"a;x":1,"b":2}""")]
    [InlineData("\"a\"\"b\",c\n\"x\"\"y\",\"p,q\"\n", """{"a\"b":"x\"y","c":"p,q"}""")]
    [InlineData("a,b\n\"1\r\n2\",\\\n", """{"a":"1\r\n2","b":"\\"}""")]
    [InlineData("a,b\n\u0001\t,é😀\u2028\n", "{\"a\":\"\\u0001\\t\",\"b\":\"é😀\u2028\"}")]
    [InlineData("a\n\"\"\n", """{"a":""}""")]
    [InlineData("名,b\nx,2\n", """{"名":"x","b":2}""")]
    public async Task Row_HoweverWritten_IsItsValues(string text, string json) =>
        Assert.Equal([json], await ReadInput.TextsAsync(text, InputFormat.Csv));

    [Theory]
    [InlineData("a\tb\n1\tx,y\n", """{"a":1,"b":"x,y"}""")]
    [InlineData("a\tb\n1\t19\" rack\n", """{"a":1,"b":"19\" rack"}""")]
    [InlineData("a\tb\n1\t\"x\ty\"\n", """{"a":1,"b":"x\ty"}""")]
    public async Task Row_OfTabs_IsItsValues(string text, string json) =>
        Assert.Equal([json], await ReadInput.TextsAsync(text, InputFormat.Tsv));

    [Theory]
    [InlineData("a,b\n1\n", "2: has 1 value, and the header has 2 columns: a value with a separator in it needs quotes around it.")]
    [InlineData("a\n1,2\n", "2: has 2 values, and the header has 1 column: a value with a separator in it needs quotes around it.")]
    [InlineData("a,b\n\"x\ny\",2\n1,2,3\n", "4: has 3 values, and the header has 2 columns: ")]
    [InlineData("a,b\n1,2\n\n\n3,4\n", "3: is empty: every line is one row.", "4: is empty: every line is one row.")]
    [InlineData("a,b\n1,\"x\n3,4\n", "2: has a quote that is never closed (at byte 3).")]
    [InlineData("a,b\n\"l\nm\",\"x\n3,4\n", "3: has a quote that is never closed (at byte 4).")]
    [InlineData("a,b\n1,\"x\"y\n", "2: has text after a closing quote (at byte 6): a quote inside a quoted value is written twice.")]
    [InlineData("a,b\n1,x\"y\n", "2: has a quote inside a value that is not quoted (at byte 4): ")]
    [InlineData("a,b\n1\n2\n1,2\n3\n", "2: has 1 value, ", "3: has 1 value, ", "5: has 1 value, ")]
    [InlineData("a,,b\n1,2,3\n", "1: has no name for column 2: each column needs one.")]
    [InlineData("a,b,a\n1,2,3\n", "1: has the name \"a\" for column 1 and for column 3: each column needs one of its own.")]
    [InlineData("\na,b\n1,2\n", "1: is empty, and the names of the columns are needed in it.")]
    [InlineData("a,\"b\n1,2\n", "1: has a quote that is never closed (at byte 3).")]
    [InlineData("", ": has no header: a first row with the names of the columns is needed.")]
    [InlineData("a,b\n", ": has no row, so there is nothing to send.")]
    public async Task Row_ThatIsWrong_IsNamedByItsLineAndPlace(string text, params string[] expected)
    {
        foreach (var options in new[] { Strings, Strings with { CsvTypes = CsvTypes.Infer } })
        {
            string[] errors = await ReadInput.ErrorsAsync(text, options);
            Assert.Equal(expected.Length, errors.Length);
            Assert.All(expected.Zip(errors), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Rows_ThatAreBlank_AreCountedWithTheOthers() =>
        Assert.Equal("3 of 4 rows cannot be sent.", (await ReadInput.FailureAsync("a,b\n1,2\n\n\n3\n", Strings)).Message);

    [Fact]
    public async Task Row_ThatIsNotUtf8_IsNamed()
    {
        var failure = await ReadInput.FailureAsync([.. "a\nx\n"u8, 0xE9, .. "\ny\n"u8], Strings);
        Assert.Equal("line 3 is not valid UTF-8.", Assert.Single(failure.Errors).ToString());
        Assert.Equal("1 of 3 rows cannot be sent.", failure.Message);
    }

    [Fact]
    public async Task Input_ThatCanBeReadOnce_IsCopiedUpToALimit()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", 1000)));
        var options = new InputOptions { Format = InputFormat.Csv };
        var source = ReadInput.Source(bytes, most: 100);
        Assert.Equal(1000, (await ReadInput.ItemsAsync(source with { MaxCopyBytes = bytes.Length }, options)).Count);

        var failure = await Assert.ThrowsAsync<Rollcall.Validation.InvalidInputException>(
            () => ReadInput.ItemsAsync(ReadInput.Source(bytes) with { MaxCopyBytes = bytes.Length - 1 }, options));
        Assert.StartsWith($"The input is longer than {bytes.Length - 1} bytes, ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\n1,x\n2,y\n", "a,b\n1,x\nq,y\n", "1 of 2 rows cannot be sent.")]
    [InlineData("a,b\n1,x\n", "a,c\n1,x\n", "The input has changed while it was read: its columns are others now.")]
    public async Task Input_ThatChangesBetweenItsTwoReadings_IsRefused(string first, string second, string message)
    {
        var source = ReadInput.Source(Encoding.UTF8.GetBytes(first)) with
        {
            Reopen = _ => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(second))),
        };
        var failure = await Assert.ThrowsAsync<Rollcall.Validation.InvalidInputException>(
            () => ReadInput.ItemsAsync(source, new InputOptions { Format = InputFormat.Csv }));
        Assert.Equal(message, failure.Message);
    }
}
