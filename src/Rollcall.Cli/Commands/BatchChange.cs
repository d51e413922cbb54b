using System.CommandLine;
using System.Text.Json;
using Rollcall.Api.Answers;
using Rollcall.Cli.Client;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary>What the commands that change a batch have in common: which batch it is, and how they tell what it is then.</summary>
sealed class BatchChange
{
    readonly ServerOptions server = new();

    readonly Option<bool> json = new("--json") { Description = "Write what the batch is then as JSON." };

    readonly Option<bool> wait = new("--wait") { Description = "Go on as 'rollcall watch', with its exit code." };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="ends">Whether the batch goes to its end from there, so that it can be waited for.</param>
    public void AddTo(Command command, bool ends)
    {
        server.AddWithIdTo(command);
        command.Options.Add(json);
        if (ends)
        {
            command.Options.Add(wait);
        }
    }

    /// <summary>Changes the batch and tells what it is then.</summary>
    /// <param name="change">Makes the change, at a server, of a batch.</param>
    /// <exception cref="CliException">It cannot be made.</exception>
    public async Task<int> RunAsync(
        ParseResult parsed, Func<ServerClient, string, CancellationToken, Task<BatchStatus>> change, CancellationToken cancellationToken)
    {
        string id = server.ReadId(parsed);
        bool asJson = parsed.GetValue(json);
        bool goesOn = parsed.GetValue(wait);
        using var client = server.CreateClient(parsed);
        var status = await change(client, id, cancellationToken);
        if (!asJson)
        {
            StandardOutput.WriteLine(StatusText.OfChange(status));
        }
        else if (!goesOn)
        {
            // What goes on begins with the status itself.
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(status, ApiJson.Default.BatchStatus));
        }

        return goesOn
            ? await WatchCommand.RunAsync(client, id, asJson, StandardOutput.WriteLine, server.Suggest(parsed, $"watch {id}"))
            : ExitCode.Succeeded;
    }
}
