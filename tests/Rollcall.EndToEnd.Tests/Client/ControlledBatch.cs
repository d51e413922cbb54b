using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary>A server, a target, and a file of payloads, for the tests that change a batch while it runs.</summary>
sealed class ControlledBatch : IAsyncDisposable
{
    ControlledBatch(LocalServer server, GatedTarget target, RunFolder folder)
    {
        Server = server;
        Target = target;
        Folder = folder;
        Api = new ServerApi(server);
    }

    public LocalServer Server { get; }

    public GatedTarget Target { get; }

    public RunFolder Folder { get; }

    public ServerApi Api { get; }

    public static async Task<ControlledBatch> CreateAsync(int items, int responseBytes = 0)
    {
        var server = await LocalServer.StartAsync();
        return new ControlledBatch(server, await GatedTarget.StartAsync(responseBytes), new RunFolder(items));
    }

    public Task<string> SubmitAsync(params IEnumerable<string> more) => Server.SubmitAsync(Folder.Input, Target.Url, more);

    /// <summary>Runs another batch whole on the same server. What this one would send wrongly it has then had the turns to send.</summary>
    public async Task RunAnotherAsync()
    {
        await using var target = await GatedTarget.StartAsync();
        string id = await Server.SubmitAsync(Folder.Input, target.Url);
        (await Server.RunAsync("watch", id)).RequireExit(0);
    }

    /// <summary>Takes the server away as a crash would, and brings it back.</summary>
    public async Task CrashAsync()
    {
        await Server.KillAsync();
        Target.Open();
        await Server.StartAgainAsync();
    }

    /// <summary>Runs a command, and requires that it succeeds.</summary>
    /// <returns>What it wrote, in one line.</returns>
    public async Task<string> CommandAsync(params IEnumerable<string> arguments)
    {
        var result = await Server.RunAsync(arguments);
        result.RequireExit(0);
        return Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>
    /// The results of an ended batch, which are proven with the command line to be those of its receipt and of the payloads.
    /// </summary>
    public async Task<(IReadOnlyList<JsonElement> Results, JsonElement Receipt)> TakeProvenAsync(string id, int items)
    {
        string receipt = Path.Combine(Folder.Path, "receipt.json");
        (await Server.RunAsync("results", id, "--out", Folder.Output)).RequireExit(0);
        (await Server.RunAsync("receipt", id, "--out", receipt)).RequireExit(0);
        (await CliProcess.RunAsync("verify", Folder.Output, "--receipt", receipt, "--items", Folder.Input)).RequireExit(0);
        return (Folder.ReadResults(items), JsonDocument.Parse(await File.ReadAllTextAsync(receipt)).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Server.Dispose();
        await Target.DisposeAsync();
        Folder.Dispose();
    }
}
