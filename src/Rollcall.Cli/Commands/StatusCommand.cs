using System.CommandLine;
using System.Text.Json;
using Rollcall.Api.Responses;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall status</c>: the status of a batch on a server.</summary>
sealed class StatusCommand : Command
{
    readonly ServerOptions server = new();

    readonly Option<bool> json = new("--json") { Description = "Write the status as one JSON object." };

    public StatusCommand()
        : base("status", "Show a batch's status. The exit code does not depend on it; that of 'rollcall watch' does.")
    {
        server.AddWithIdTo(this);
        Options.Add(json);
        SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string id = server.ReadId(parsed);
        using var client = server.CreateClient(parsed);
        var status = await client.GetStatusAsync(id, cancellationToken);
        if (parsed.GetValue(json))
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(status, ApiJson.Default.BatchStatus));
            return ExitCode.Succeeded;
        }

        foreach (string line in StatusText.LinesOf(status))
        {
            StandardOutput.WriteLine(line);
        }

        return ExitCode.Succeeded;
    }
}
