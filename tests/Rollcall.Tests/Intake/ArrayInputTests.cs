using System.Globalization;
using System.Text;
using Rollcall.Intake;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Intake;

/// <summary>The elements of one JSON array.</summary>
public sealed class ArrayInputTests
{
    [Theory]
    [InlineData("""[{"a" : 1},{"a":2}]""", """{"a" : 1}""", """{"a":2}""")]
    [InlineData("[\n  1,\n  \"x]\" ,\n  null, [ 2 , [] ]\n]\n", "1", "\"x]\"", "null", "[ 2 , [] ]")]
    [InlineData("\ufeff[1.50,true]", "1.50", "true")]
    [InlineData("[\"\\u00e9é\"]", "\"\\u00e9é\"")]
    public async Task Elements_OfAnArray_AreItemsByteForByte(string text, params string[] expected) =>
        Assert.Equal(expected, await ReadInput.TextsAsync(text, InputFormat.Json));

    [Theory]
    [InlineData("[]", ": has no element, so there is nothing to send.")]
    [InlineData("", "1: is not JSON: It is empty. (at byte 1)")]
    [InlineData("  \n ", "2: is not JSON: It is empty. (at byte 2)")]
    [InlineData("{\"a\":1}", ": is JSON that begins with an object, and an array is needed, whose elements are the items.")]
    [InlineData("7", ": is JSON that begins with a number, and an array is needed")]
    [InlineData("[1,2", "1: is not JSON: ")]
    [InlineData("[1,\n2,\n]", "3: is not JSON: A comma comes before a closing bracket. (at byte 1)")]
    [InlineData("[1,\n 2 3]", "2: is not JSON: '3' is invalid after a value.")]
    [InlineData("[1,\n {\"a\":x}]", "2: is not JSON: 'x' is an invalid start of a value. (at byte 7)")]
    [InlineData("[1]\n[2]", "2: is not JSON: '[' is invalid after a single JSON value. Expected end of data. (at byte 1)")]
    [InlineData("[1]x", "1: is not JSON: 'x' is invalid after a single JSON value. Expected end of data. (at byte 4)")]
    public async Task Array_ThatIsWrong_IsNamedByLineAndPlace(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Single(await ReadInput.ErrorsAsync(text, InputFormat.Json)), StringComparison.Ordinal);

    [Fact]
    public async Task Element_ThatIsNotUtf8_IsNamed()
    {
        var failure = await ReadInput.FailureAsync(
            [.. "[1,\n\""u8, 0xE9, .. "\",\n2]"u8], new InputOptions { Format = InputFormat.Json });
        Assert.Equal("line 2 is not valid UTF-8.", Assert.Single(failure.Errors).ToString());
        Assert.Equal("1 of 3 elements cannot be sent.", failure.Message);
    }

    [Fact]
    public async Task Element_LongerThanTheBuffer_IsWhole()
    {
        string large = $"\"{new string('x', 1_000_000)}\"";
        foreach (int most in new[] { 1000, 131_071, int.MaxValue })
        {
            var source = ReadInput.Source(Encoding.UTF8.GetBytes($"[1,{large},\n2,{large}]"), most);
            var items = await ReadInput.ItemsAsync(source, new InputOptions { Format = InputFormat.Json });
            Assert.Equal(["1", large, "2", large], items.Select(item => item.Text()));
        }
    }

    [Fact]
    public async Task Element_LargerThanAPayloadMayBe_IsNamed()
    {
        byte[] text = [.. "[1,\n\""u8, .. Enumerable.Repeat((byte)'x', 64 * 1024 * 1024), .. "\",\n2]"u8];
        var failure = await ReadInput.FailureAsync(text, new InputOptions { Format = InputFormat.Json });
        Assert.True(failure.IsTooLarge);
        Assert.StartsWith("line 2 is longer than 67108864 bytes", failure.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elements_ManyOfThem_AreInOrder()
    {
        var numbers = Enumerable.Range(0, 50_000).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(numbers, await ReadInput.TextsAsync($"[{string.Join(",\r\n", numbers)}]", InputFormat.Json));
    }

    [Fact]
    public async Task Nesting_OfTheGreatestDepth_IsAccepted()
    {
        string payload = new string('[', 1000) + new string(']', 1000);
        Assert.Equal([payload], await ReadInput.TextsAsync($"[{payload}]", InputFormat.Json));
        Assert.Contains("depth", Assert.Single(await ReadInput.ErrorsAsync($"[[{payload}]]", InputFormat.Json)), StringComparison.Ordinal);
    }
}
