using System.CommandLine;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall retry</c>: sends the items of an ended run again that did not succeed.</summary>
sealed class RetryCommand : Command
{
    readonly RunFile run = new();

    readonly Option<RetryChoice?> only = OnlyOption.Create();

    readonly Option<string?> with = new("--with")
    {
        Description =
            "Corrected payloads, an item {\"id\":…,\"body\":…} per line or a table, as 'rollcall failed' writes them. Each replaces "
            + "the payload of the item with its id, which is sent with a new Idempotency-Key.",
        HelpName = "FILE",
        Validators = { PathText.RequireText },
    };

    readonly Option<string[]> headers = new("--header", "-H")
    {
        Description =
            "A request header, 'Name: value', or @FILE with one per line. Values are never written to disk, so the headers of the run must "
            + "be given again. May be repeated.",
        HelpName = "HEADER",
        DefaultValueFactory = _ => [],
    };

    readonly Option<string[]> headerVariables = new("--header-env")
    {
        Description = "A request header whose value comes from an environment variable. May be repeated.",
        HelpName = "NAME=VAR",
        DefaultValueFactory = _ => [],
    };

    readonly RetryOptions limits = new();

    readonly AuthOptions auth = new(isForServer: false);

    readonly TransportOptions transport = new();

    readonly Option<bool> json = new("--json")
    {
        Description =
            "Write progress and the receipt as JSON, one object per line, to standard output, or standard error if the results go there.",
    };

    public RetryCommand()
        : base(
            "retry",
            "Resend the items of an ended 'rollcall run' that did not succeed, with the same Idempotency-Keys: rollcall retry "
            + "results.jsonl --only 500-599 --only timeout. Their new outcomes replace the old ones in the same file, with the receipt of "
            + "the next run. The input is not needed. Limits that are not given stay as they were. After a stop or a crash, the same "
            + "command resumes.")
    {
        run.AddTo(this);
        Options.Add(only);
        Options.Add(with);
        Options.Add(headers);
        Options.Add(headerVariables);
        limits.AddTo(this);
        auth.AddTo(this);
        transport.AddTo(this);
        Options.Add(json);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    async Task<int> RunAsync(ParseResult parsed)
    {
        bool asJson = parsed.GetValue(json);
        string state = run.ReadState(parsed);
        var target = OutputTarget.Open(run.ReadName(parsed));
        var view = ProgressViews.Create(asJson, target.IsStandardOutput, target.IsStandardError);
        var given = HeaderTexts.Read(parsed.GetRequiredValue(headers), parsed.GetRequiredValue(headerVariables));
        if (HeaderTexts.Templates(given) is [var template, ..])
        {
            throw CliException.Usage($"The header '{template.Name}' has a field of the item, and the requests of a run cannot change.");
        }

        var connections = transport.Read(parsed, keepsAlive: true);
        foreach (string note in transport.ReadNotes(parsed, connections, DateTimeOffset.UtcNow))
        {
            view.Note(note);
        }

        var settings = new RunSettings
        {
            Input = InputFile.StandardInputName,
            Request = new BatchTarget("", new Dictionary<string, TargetHeader>()),
            Headers = given,
            Auth = auth.Read(parsed, given.Keys),
            Output = target,
            StateFolder = state,
            Transport = connections,
        };
        using var stop = new StopSignal(note: view.Note);
        var runner = new RetryRunner(settings, before => limits.Change(parsed, before), parsed.GetValue(only), parsed.GetValue(with), view);
        var (receipt, receiptPath) = await runner.RunAsync(stop.Token);
        return await RunReport.WriteAsync(settings, receipt, receiptPath, asJson);
    }
}
