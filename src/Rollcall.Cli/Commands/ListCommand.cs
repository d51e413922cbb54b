using System.CommandLine;
using System.Text.Json;
using Rollcall.Api;
using Rollcall.Cli.Terminal;
using Rollcall.Serialization;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall list</c>: the batches of a server.</summary>
sealed class ListCommand : Command
{
    const int DefaultLimit = 50;
    const int MaxLimit = 10_000;
    const int PageLimit = 100;

    static readonly string[] States = [.. Enum.GetValues<BatchState>().Select(state => KebabCase.Of(state))];

    readonly ServerOptions server = new();

    readonly Option<BatchState?> status = new("--status") { Description = "Only the batches that are so.", HelpName = string.Join('|', States) };

    readonly Option<string?> since = new("--since") { Description = "Only the batches that came at this time (RFC 3339) or later.", HelpName = "TIME" };

    readonly Option<string?> until = new("--until") { Description = "Only the batches that came before this time (RFC 3339).", HelpName = "TIME" };

    readonly Option<int> limit = new("--limit") { Description = "How many at the most.", HelpName = "N", DefaultValueFactory = _ => DefaultLimit };

    readonly Option<bool> json = new("--json") { Description = "Write the batches as JSON, one object a line." };

    public ListCommand()
        : base("list", "List the batches of a server, the newest first.")
    {
        status.AcceptOnlyFromAmong(States);
        server.AddTo(this);
        foreach (Option option in new Option[] { status, since, until, limit, json })
        {
            Options.Add(option);
        }

        SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        int most = parsed.GetValue(limit);
        if (most is < 1 or > MaxLimit)
        {
            throw CliException.Usage($"--limit is {most}: 1 to {MaxLimit} is allowed.");
        }

        using var client = server.CreateClient(parsed);
        var batches = ReadAsync(
            (after, token) => client.ListAsync(parsed.GetValue(status), parsed.GetValue(since), parsed.GetValue(until), PageLimit, after, token),
            cancellationToken).Take(most);
        if (parsed.GetValue(json))
        {
            await foreach (var batch in batches)
            {
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(batch, ApiJson.Default.BatchStatus));
            }
        }
        else
        {
            WriteTable(await batches.ToListAsync(cancellationToken));
        }

        return ExitCode.Succeeded;
    }

    static void WriteTable(List<BatchStatus> batches)
    {
        if (batches.Count == 0)
        {
            StandardError.WriteLine("There are no batches.");
            return;
        }

        foreach (string line in BatchTable.LinesOf(batches))
        {
            StandardOutput.WriteLine(line);
        }
    }

    static async IAsyncEnumerable<BatchStatus> ReadAsync(
        Func<string?, CancellationToken, Task<BatchPage>> readPage,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = await readPage(after, cancellationToken);
            foreach (var batch in page.Batches)
            {
                yield return batch;
            }

            after = page.Next;
        }
        while (after is not null);
    }
}
