using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>The command line against the Function App, from the payloads to the proof.</summary>
public sealed class CommandLineTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    const int Items = 230;
    const int ResponseBytes = 9_000;

    [Fact]
    public async Task Batch_SubmittedWatchedAndDownloaded_IsProven()
    {
        await using var target = await GatedTarget.StartAsync(ResponseBytes);
        using var folder = new RunFolder(Items);
        string id = $"cli-{Guid.NewGuid():N}";
        string receipt = Path.Combine(folder.Path, "receipt.json");

        var submitted = await RunAsync("submit", folder.Input, "--to", target.Url, "--batch-id", id, "--watch");
        submitted.RequireExit(0);
        Assert.Equal(id + "\n", submitted.Output);
        (await RunAsync("results", id, "--out", folder.Output)).RequireExit(0);
        (await RunAsync("receipt", id, "--out", receipt)).RequireExit(0);

        folder.RequireEveryResponse(Items, ResponseBytes);
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", receipt, "--items", folder.Input)).RequireExit(0);
        var status = JsonElement.Parse((await RunAsync("status", id, "--json")).Output);
        Assert.Equal("completed", status.GetProperty("status").GetString());
        Assert.Contains(id, (await RunAsync("list", "--status", "completed")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Input_OfMoreThanOneRequestMayHave_IsSubmittedInPartsAndProven()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder();

        // 108,000,012 bytes: the host takes 104,857,600 in a request.
        folder.WriteInput([.. Enumerable.Range(0, 4).Select(i => $"\"{i}{new string('x', 27_000_000)}\"")]);
        string id = $"cli-{Guid.NewGuid():N}";
        string receipt = Path.Combine(folder.Path, "receipt.json");

        (await RunAsync("submit", folder.Input, "--to", target.Url, "--batch-id", id, "--watch")).RequireExit(0);

        Assert.Equal(4, target.ReceivedInAll);
        (await RunAsync("results", id, "--out", folder.Output)).RequireExit(0);
        (await RunAsync("receipt", id, "--out", receipt)).RequireExit(0);
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", receipt, "--items", folder.Input)).RequireExit(0);
    }

    Task<CliResult> RunAsync(params string[] arguments) => CliProcess.RunAsync([.. arguments, "--server", Fixture.Host.Url.ToString()]);
}
