using Rollcall.Intake;

namespace Rollcall.Tests.Intake;

/// <summary>The id of an item is in one of its columns or fields.</summary>
public sealed class ItemIdTests
{
    [Theory]
    [InlineData(InputFormat.Lines, "{\"x\":{\"id\":0},\"id\":\"a\"}\n{\"id\":12.50}\n", "id", "a 12.50")]
    [InlineData(InputFormat.Lines, "{\"c\":{\"d\":[0,{\"e\":\"a\"}]}}", "/c/d/1/e", "a")]
    [InlineData(InputFormat.Lines, "{\"a/b~\":\"x\"}", "/a~1b~0", "x")]
    [InlineData(InputFormat.Json, "[{\"id\":\"\\u00e9\"},{\"id\":2}]", "id", "é 2")]
    [InlineData(InputFormat.Csv, "n,id\n1,007\n2,8\n", "id", "007 8")]
    [InlineData(InputFormat.Csv, "n,id\n1,7\n2,8\n", "/id", "7 8")]
    [InlineData(InputFormat.Tsv, "n\ta b\n1\tx\n", "a b", "x")]
    public async Task Id_InAColumnOrField_IsTheItems(InputFormat format, string text, string id, string expected) =>
        Assert.Equal(
            expected.Split(' '),
            (await ReadInput.ItemsAsync(text, new InputOptions { Format = format, Id = id })).Select(item => item.Id));

    [Theory]
    [InlineData(
        InputFormat.Lines,
        "{\"id\":\"a\"}\n{\"x\":1}\n",
        "2: has no value in \"id\": for its id a string of 1 to 256 characters or a number is needed.")]
    [InlineData(InputFormat.Lines, "{\"id\":\"\"}", "1: has no value in \"id\": ")]
    [InlineData(InputFormat.Lines, "{\"id\":null}", "1: has no value in \"id\": ")]
    [InlineData(InputFormat.Lines, "7\n8\n", "1: has no value in \"id\": ", "2: has no value in \"id\": ")]
    [InlineData(InputFormat.Lines, "{\"id\":{}}", "1: has an object as \"id\": for its id ")]
    [InlineData(InputFormat.Lines, "{\"id\":true}", "1: has true as \"id\": for its id ")]
    [InlineData(InputFormat.Lines, "{\"id\":\"\\ud800\"}", "1: has an id that has half of a surrogate pair")]
    [InlineData(InputFormat.Lines, "{\"id\":1}\n{\"id\":\"1\"}\n", "2: has the id \"1\", which line 1 has too: ")]
    [InlineData(InputFormat.Json, "[{\"id\":1},\n{\"id\":1}]", "2: has the id \"1\", which line 1 has too: ")]
    [InlineData(InputFormat.Csv, "id,x\n,1\na,2\na,3\n", "2: has no value in \"id\": ", "4: has the id \"a\", which line 3 has too: ")]
    [InlineData(InputFormat.Csv, "idd,x\n1,2\n", ": has no column \"id\", which is to have the ids (--id, itemId): \"idd\" and ")]
    [InlineData(
        InputFormat.Items,
        "{\"id\":1}",
        ": is read as items, and --id (itemId) is for lines, json, csv and tsv: an item's id is in its field \"id\".")]
    [InlineData(InputFormat.Urls, "/a", ": is read as urls, and --id (itemId) is for lines, json, csv and tsv.")]
    public async Task Id_ThatIsMissingOrWrongOrThereTwice_IsNamed(InputFormat format, string text, params string[] expected)
    {
        string[] errors = await ReadInput.ErrorsAsync(text, new InputOptions { Format = format, Id = "id" });
        Assert.Equal(expected.Length, errors.Length);
        Assert.All(expected.Zip(errors), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(InputFormat.Items, "{\"id\":\"a\",\"body\":1}\n{\"id\":\"a\",\"body\":2}\n", null)]
    [InlineData(InputFormat.Requests, "{\"id\":\"a\"}\n{\"custom_id\":\"a\"}\n", null)]
    [InlineData(InputFormat.Csv, "id\na\na\n", "id")]
    public async Task Id_OfSeveralItems_IsAllowedOnRequest(InputFormat format, string text, string? id)
    {
        var options = new InputOptions { Format = format, Id = id };
        string error = Assert.Single(await ReadInput.ErrorsAsync(text, options));
        Assert.Contains("too: each item needs one of its own", error, StringComparison.Ordinal);
        var items = await ReadInput.ItemsAsync(text, options with { AllowDuplicateIds = true });
        Assert.Equal(["a", "a"], items.Select(item => item.Id));
    }
}
