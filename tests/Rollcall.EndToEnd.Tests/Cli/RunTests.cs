using System.Security.Cryptography;
using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Cli;

public sealed class RunTests
{
    [Fact]
    public async Task Run_EveryResponseGood_WritesResultsInInputOrderAndAReceipt()
    {
        await using var target = await GatedTarget.StartAsync(responseBytes: 200);
        using var folder = new RunFolder(items: 250);

        var result = await CliProcess.RunAsync(folder.Run(target.Url));

        result.RequireExit(0);
        folder.RequireEveryResponse(250, 200);
        string sha256 = Convert.ToHexStringLower(
            SHA256.HashData(await File.ReadAllBytesAsync(folder.Output, TestContext.Current.CancellationToken)));
        Assert.Equal($"250 in, 250 out, 250 succeeded, sha256 {sha256}\n", result.Output);
        Assert.All(target.Received.Values, count => Assert.Equal(1, count));
        using var receipt = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(folder.State, "receipt.json"), TestContext.Current.CancellationToken));
        Assert.Equal(sha256, receipt.RootElement.GetProperty("sha256").GetString());
        Assert.Equal(3, receipt.RootElement.GetProperty("shards").GetArrayLength());
    }

    [Fact]
    public async Task Run_TargetResponds500_RecordsEachFailureAndExitsWith1()
    {
        await using var target = await GatedTarget.StartAsync();
        target.Status = 500;
        using var folder = new RunFolder(items: 12);

        var result = await CliProcess.RunAsync(folder.Run(target.Url, "--max-attempts", "1"));

        result.RequireExit(1);
        Assert.StartsWith("12 in, 12 out, 0 succeeded, 12 failed, sha256 ", result.Output, StringComparison.Ordinal);
        foreach (var line in folder.ReadResults(12))
        {
            Assert.Equal("failed", line.GetProperty("status").GetString());
            Assert.Equal("http-status", line.GetProperty("error").GetProperty("code").GetString());
            Assert.Equal(RunFolder.Payload(line.GetProperty("index").GetInt32()), line.GetProperty("body").GetString());
        }
    }

    [Fact]
    public async Task Run_PayloadsOfEveryShape_SendsTheBytesAsTheyAre()
    {
        string[] payloads = ["{\"b\":1.0e+5,\"a\":1,\"a\":2}", "{ \"spaced\" :  [ 1 , 2 ] }", "\"\\u00e9 é 😀\"", "-0.0", "null", "[]"];
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder();
        folder.WriteInput(payloads);

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);

        Assert.Equal(payloads.Order(StringComparer.Ordinal), target.Received.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(payloads, folder.ReadResults(payloads.Length).Select(line => line.GetProperty("body").GetString()));
    }

    [Fact]
    public async Task Run_ItemsFormat_SendsTheBodyAndReturnsTheId()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder();
        folder.WriteInput("{\"id\":\"a1\",\"body\":{ \"x\": 1 }}", "{\"body\":[2]}");

        (await CliProcess.RunAsync(folder.Run(target.Url, "--input", "items"))).RequireExit(0);

        var results = folder.ReadResults(2);
        Assert.Equal("a1", results[0].GetProperty("id").GetString());
        Assert.Equal("{ \"x\": 1 }", results[0].GetProperty("body").GetString());
        Assert.False(results[1].TryGetProperty("id", out _));
    }

    [Fact]
    public async Task Run_StandardInput_IsReadToItsEnd()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder();

        var result = await CliProcess.RunWithInputAsync("1\n2\n3", "run", "-", "--to", target.Url, "--out", folder.Output);

        result.RequireExit(0);
        Assert.Equal(["1", "2", "3"], folder.ReadResults(3).Select(line => line.GetProperty("body").GetString()));
    }

    [Fact]
    public async Task Run_Json_WritesOneObjectALineAndTheReceiptLast()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 5);

        var result = await CliProcess.RunAsync(folder.Run(target.Url, "--json"));

        result.RequireExit(0);
        Assert.Empty(result.Errors);
        var events = result.Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        Assert.All(events[..^1], e => Assert.Equal("progress", e.GetProperty("type").GetString()));
        Assert.Equal("receipt", events[^1].GetProperty("type").GetString());
        Assert.Equal(5, events[^1].GetProperty("counts").GetProperty("succeeded").GetInt32());
        Assert.Equal(5, events[^2].GetProperty("done").GetInt32());
    }

    [Fact]
    public async Task Run_AgainAfterItsEnd_SendsNothingAndShowsTheSameReceipt()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 20);
        var first = await CliProcess.RunAsync(folder.Run(target.Url));
        first.RequireExit(0);

        var second = await CliProcess.RunAsync(folder.Run(target.Url));

        second.RequireExit(0);
        Assert.Equal(first.Output, second.Output);
        Assert.Equal(20, target.ReceivedInAll);
    }

    [Fact]
    public async Task Run_AgainAfterTheOutputWasChanged_SaysSo()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 2);
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
        await File.AppendAllTextAsync(folder.Output, "{}\n", TestContext.Current.CancellationToken);

        var result = await CliProcess.RunAsync(folder.Run(target.Url));

        result.RequireExit(3);
        Assert.Contains("has changed since", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Fresh_SendsTheBatchAgain()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 3);
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);

        (await CliProcess.RunAsync(folder.Run(target.Url, "--fresh"))).RequireExit(0);

        Assert.Equal(6, target.ReceivedInAll);
        Assert.All(target.Keys.Values, keys => Assert.Equal(2, keys.Distinct().Count()));
    }

    [Fact]
    public async Task Run_SecretHeader_IsSentAndNeverOnDisk()
    {
        const string Secret = "s3cr3t-value-of-the-header";
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 3);
        using var cli = CliProcess.Start(folder.Run(target.Url, "-H", $"Authorization: Bearer {Secret}"));
        await target.WaitForArrivalsAsync(3);

        // Killed in the middle, so that all files are as a run in progress leaves them.
        await cli.KillAsync();

        Assert.NotEmpty(Directory.EnumerateFiles(folder.State, "*", SearchOption.AllDirectories));
        foreach (string file in Directory.EnumerateFiles(folder.State, "*", SearchOption.AllDirectories))
        {
            byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Secret)) < 0, $"The header's value is in {file}.");
        }
    }
}
