using System.CommandLine;
using System.Text.Json;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall list</c>: the batches of a server.</summary>
sealed class ListCommand : Command
{
    const int DefaultLimit = 50;
    const int MaxLimit = 10_000;
    const int PageLimit = 100;

    readonly ServerOptions server = new();

    readonly Option<BatchState?> status = KebabCaseOption.CreateOne<BatchState>("--status", "Only batches with this status.");

    readonly Option<DateTimeOffset?> since = TimeText.CreateOption("--since", "Only batches created at this time or later.");

    readonly Option<DateTimeOffset?> until = TimeText.CreateOption("--until", "Only batches created before this time.");

    readonly Option<int> limit = new("--limit")
    {
        Description = "Maximum number of batches.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultLimit,
        CustomParser = NumberText.From(1, MaxLimit),
    };

    readonly Option<bool> json = new("--json") { Description = "Write the batches as JSON, one object per line." };

    public ListCommand()
        : base("list", "List the batches of a server, newest first.")
    {
        server.AddTo(this);
        foreach (var option in new Option[] { status, since, until, limit, json })
        {
            Options.Add(option);
        }

        SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(since) >= parsed.GetValue(until))
        {
            throw CliException.Usage("--since must be before --until.");
        }

        using var client = server.CreateClient(parsed);
        var batches = ReadAsync(
            (after, token) =>
                client.ListAsync(parsed.GetValue(status), parsed.GetValue(since), parsed.GetValue(until), PageLimit, after, token),
            cancellationToken).Take(parsed.GetValue(limit));
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
