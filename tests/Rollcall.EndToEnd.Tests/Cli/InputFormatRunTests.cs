using System.IO.Compression;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Inputs that are no JSON lines.</summary>
public sealed class InputFormatRunTests : IDisposable
{
    readonly RunFolder folder = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_CsvFile_SaysWhatItFoundAndSendsEachRow()
    {
        await using var target = Target.Start(Responses.Echo);
        string input = await WriteAsync("customers.csv", "customer_id,name,active\nC1,\"Ann, B\",true\nC2,Bo,false\n");
        string[] command = Run(input, target.Url, "--id", "customer_id");

        var result = await CliProcess.RunAsync(command);
        result.RequireExit(0);
        Assert.Equal($"{input}: 2 rows, columns customer_id, name, active (true or false).", result.ErrorLines[0]);
        var lines = folder.ReadResults(2);
        Assert.Equal(["C1", "C2"], lines.Select(line => line.GetProperty("id").GetString()!));
        Assert.Equal("""{"customer_id":"C1","name":"Ann, B","active":true}""", lines[0].GetProperty("body").GetString());

        string[] verify = ["verify", folder.Output, "--receipt", Path.Combine(folder.State, "receipt.json"), "--items", input];
        (await CliProcess.RunAsync([.. verify, "--id", "customer_id"])).RequireExit(0);
        (await CliProcess.RunAsync(verify)).RequireExit(1);

        foreach (var (more, difference) in new[]
        {
            (["--csv-types", "string", "--id", "customer_id"], "--csv-types is string, but the run in '{0}' has infer."),
            ((string[])[], "--id is not given, but the run in '{0}' has customer_id."),
            (["--id", "customer_id", "--limit", "1"], "--limit is 1, but the run in '{0}' has none."),
        })
        {
            var refused = await CliProcess.RunAsync(Run(input, target.Url, more));
            refused.RequireExit(2);
            Assert.StartsWith(
                "rollcall: " + string.Format(null, difference, folder.State), refused.ErrorLines[^1], StringComparison.Ordinal);
        }

        (await CliProcess.RunAsync(command)).RequireExit(0);
    }

    [Fact]
    public async Task Run_CompressedArray_SendsItsElements()
    {
        await using var target = Target.Start(Responses.Echo);
        string input = Path.Combine(folder.Path, "a.json.gz");
        await using (var gzip = new GZipStream(File.Create(input), CompressionLevel.Fastest))
        {
            await gzip.WriteAsync("[1,\n{\"a\" : 2}]"u8.ToArray(), Cancelled);
        }

        var result = await CliProcess.RunAsync(Run(input, target.Url));
        result.RequireExit(0);
        Assert.Equal($"{input}: the elements of a JSON array, unpacked.", result.ErrorLines[0]);
        Assert.Equal(["1", "{\"a\" : 2}"], folder.ReadResults(2).Select(line => line.GetProperty("body").GetString()!));
    }

    [Fact]
    public async Task Run_CsvFromStandardInput_ReadsItTwiceFromACopy()
    {
        await using var target = Target.Start(Responses.Echo);
        var result = await CliProcess.RunWithInputAsync("a,b\n1,x\n2,y\n", Run("-", target.Url, "--input", "csv"));
        result.RequireExit(0);
        Assert.Equal("-: 2 rows, columns a (number), b.", result.ErrorLines[0]);
        Assert.Equal("""{"a":2,"b":"y"}""", folder.ReadResults(2)[1].GetProperty("body").GetString());
    }

    [Theory]
    [InlineData("a.csv", "a,b\n1\n1,2\n1,2,3\n", "2 of 3 rows cannot be sent. Nothing was sent.", 3)]
    [InlineData("a.csv", "a,a\n1,2\n", "line 1 has the name \"a\" for column 1 and for column 2", 2)]
    [InlineData("a.txt", "ftp://example.com/?k=secret\n", "the URL 'ftp://example.com/?…', whose scheme is 'ftp'", 2)]
    [InlineData("a.jsonl", "{\"method\":\"TRACE\",\"url\":\"/\"}\n", "is TRACE, which cannot be sent for an item.", 2)]
    public async Task Run_InputThatCannotBeSent_IsAUsageErrorAndLeavesNothing(string name, string text, string expected, int lines)
    {
        string input = await WriteAsync(name, text);
        var result = await CliProcess.RunAsync(Run(input, "http://127.0.0.1:9/"));
        result.RequireExit(2);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        Assert.InRange(result.ErrorLines.Length, 1, lines + 1);
        Assert.False(Directory.Exists(folder.State) && Directory.EnumerateFiles(folder.State).Any());
    }

    string[] Run(string input, string url, params string[] more) => ["run", input, "--to", url, "--out", folder.Output, .. more];

    async Task<string> WriteAsync(string name, string text)
    {
        string path = Path.Combine(folder.Path, name);
        await File.WriteAllTextAsync(path, text, Cancelled);
        return path;
    }
}
