using System.Text;
using Rollcall.Cli.Running;
using Rollcall.Intake;

namespace Rollcall.Cli.Tests.Running;

public sealed class InputTextTests
{
    [Theory]
    [InlineData(InputFormat.Lines, "1\n", null, null)]
    [InlineData(InputFormat.Items, "{\"body\":1}\n", "a: an item per line.", null)]
    [InlineData(InputFormat.Requests, "{}\n", "a: a request per line.", null)]
    [InlineData(InputFormat.Json, "[1]", "a: the elements of a JSON array.", null)]
    [InlineData(InputFormat.Urls, "/\n", "a: a URL per line.", null)]
    [InlineData(InputFormat.Csv, "x\n1\n", "a: 1 row, column x (number).", "a: 1 row, column x (number).")]
    [InlineData(InputFormat.Tsv, "x\ty\n1\ttrue\n2\tfalse\n", "a: 2 rows, columns x (number), y (true or false).", null)]
    [InlineData(
        InputFormat.Csv,
        "a,b,c,d,e,f,g,h,i,j,k,l,m,n\n,,,,,,,,,,,,,\n",
        "a: 1 row, columns a, b, c, d, e, f, g, h, i, j, k, l and 2 more.",
        null)]
    public async Task Input_OfAFormat_IsDescribed(InputFormat format, string text, string? found, string? given)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var source = new InputSource(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        await using var input = await InputReader.OpenAsync(source, new InputOptions { Format = format }, cancelled);
        Assert.Equal(found, InputText.Describe("a", input, isGiven: false));
        if (given is not null || input.Columns.Count == 0)
        {
            Assert.Equal(given, InputText.Describe("a", input, isGiven: true));
        }
    }
}
