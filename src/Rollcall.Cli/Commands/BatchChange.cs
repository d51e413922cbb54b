using System.CommandLine;
using System.Text.Json;
using Rollcall.Api.Responses;
using Rollcall.Cli.Client;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary>What the commands that change a batch have in common: naming the batch, and showing its new status.</summary>
sealed class BatchChange
{
    readonly ServerOptions server = new();

    readonly Option<bool> json = new("--json") { Description = "Write the batch's new status as JSON." };

    readonly Option<bool> wait = new("--wait") { Description = "Then watch the batch, like 'rollcall watch' and with its exit code." };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="ends">Whether the change leads to the end of the batch, so that the command can wait for it.</param>
    public void AddTo(Command command, bool ends)
    {
        server.AddWithIdTo(command);
        command.Options.Add(json);
        if (ends)
        {
            command.Options.Add(wait);
        }
    }

    /// <summary>Changes the batch and shows its new status.</summary>
    /// <param name="change">Asks the server for the change.</param>
    /// <exception cref="CliException">The arguments are wrong.</exception>
    public async Task<int> RunAsync(
        ParseResult parsed, Func<ServerClient, string, CancellationToken, Task<BatchStatus>> change, CancellationToken cancellationToken)
    {
        string id = server.ReadId(parsed);
        bool asJson = parsed.GetValue(json);
        bool watches = parsed.GetValue(wait);
        using var client = server.CreateClient(parsed);
        var status = await change(client, id, cancellationToken);
        if (!asJson)
        {
            StandardOutput.WriteLine(StatusText.OfChange(status));
        }
        else if (!watches)
        {
            // Watching starts with the status itself.
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(status, ApiJson.Default.BatchStatus));
        }

        return watches
            ? await WatchCommand.RunAsync(client, id, asJson, StandardOutput.WriteLine, server.Suggest(parsed, $"watch {id}"))
            : ExitCode.Succeeded;
    }
}
