using System.CommandLine;
using Rollcall.Cli.Files;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Results;
using Rollcall.Templates;

namespace Rollcall.Cli.Commands;

/// <summary>
/// <c>rollcall run</c>: sends every payload in a file and writes every response; and <c>rollcall get</c>, its form for a list of URLs.
/// </summary>
sealed class RunCommand : Command
{
    readonly SendOptions send;

    readonly RequestOptions request;

    readonly AuthOptions auth = new(isForServer: false);

    readonly TransportOptions transport = new();

    readonly DryRunOption dryRun = new();

    readonly OutputOption output = new("results.jsonl", "Output file for the results, one per line, in input order.");

    readonly Option<ResultFormat?> outputFormat = KebabCaseOption.CreateOne<ResultFormat>(
        "--output-format",
        "jsonl: one result per line, complete. csv: a table with the input's columns first, whose cells hold the first 32,767 characters "
        + "of a body (default: csv if the output's name ends in .csv).");

    readonly Option<string?> state = new("--state")
    {
        Description =
            "The folder that makes the run resumable (default: the name of the output, or of the input if the output is not a file, "
            + "plus '.rollcall').",
        HelpName = "DIR",
        Validators = { PathText.RequireText },
    };

    readonly Option<bool> json = new("--json")
    {
        Description =
            "Write progress and the receipt as JSON, one object per line, to standard output, or standard error if the results go there.",
    };

    readonly Option<bool> fresh = new("--fresh")
    {
        Description =
            "Discard what an earlier run recorded and start over; the existing output is replaced at the end. For the first start only: "
            + "leave it out to resume.",
    };

    RunCommand(string name, string description, InputFormat? format = null, string? method = null)
        : base(name, description)
    {
        send = new SendOptions("Values are never written to disk.", format);
        request = new RequestOptions(method);
        send.AddTo(this);
        request.AddTo(this);
        auth.AddTo(this);
        transport.AddTo(this);
        dryRun.AddTo(this);
        output.AddTo(this);
        foreach (var option in new Option[] { outputFormat, state, json, fresh })
        {
            Options.Add(option);
        }

        SetAction((parsed, _) => dryRun.Read(parsed) is { } first
            ? ShowAsync(ReadSettings(parsed), first)
            : RunAsync(ReadSettings(parsed), parsed.GetValue(json)));
    }

    /// <summary>Creates <c>rollcall run</c>.</summary>
    public static RunCommand Create() => new(
        "run",
        "Send every payload in a file to a URL and write every response. After a stop or a crash, the same command resumes where "
        + "it was; after an early end, it sends the items that did not succeed.");

    /// <summary>Creates <c>rollcall get</c>.</summary>
    public static RunCommand CreateGet() => new(
        "get",
        "Get every URL in a file and write every response, as 'rollcall run --input urls -X GET' does: rollcall get urls.txt -o out.jsonl",
        InputFormat.Urls,
        HttpMethod.Get.Method);

    /// <summary>Runs a batch and shows it; also what <c>rollcall demo</c> does.</summary>
    /// <param name="asJson">Whether a program reads the output.</param>
    public static async Task<int> RunAsync(RunSettings settings, bool asJson)
    {
        // Standard output gets either the results or the messages about them, never both.
        var view = ProgressViews.Create(asJson, settings.Output.IsStandardOutput, settings.Output.IsStandardError);
        int concurrency = OpenFileLimit.Cap(settings.Options.Concurrency, view.Note);
        settings = settings with { Options = settings.Options with { Concurrency = concurrency } };
        foreach (string note in settings.Notes)
        {
            view.Note(note);
        }

        using var stop = new StopSignal(note: view.Note);
        var runner = new BatchRunner(settings, view, Console.OpenStandardInput);
        var (receipt, receiptPath) = await runner.RunAsync(stop.Token);
        return await RunReport.WriteAsync(settings, receipt, receiptPath, asJson);
    }

    static async Task<int> ShowAsync(RunSettings settings, int first)
    {
        using var stop = new StopSignal("Stopping.");
        return await new DryRun(settings).WriteAsync(first, stop.Token);
    }

    RunSettings ReadSettings(ParseResult parsed)
    {
        var target = output.Read(parsed);
        string input = send.ReadInput(parsed);
        var headers = send.ReadHeaders(parsed);
        var templates = HeaderTexts.Templates(headers);
        var options = send.ReadOptions(parsed);
        var connections = transport.Read(parsed, options.KeepAlive);
        return new RunSettings
        {
            Input = input,
            Request = request.Read(parsed, send.ReadUrlText(parsed), templates, File.ReadAllBytes),
            Headers = headers
                .Where(header => !TextTemplate.IsOne(header.Value))
                .ToDictionary(StringComparer.OrdinalIgnoreCase),
            Auth = auth.Read(parsed, headers.Keys),
            Output = target,
            OutputFormat = parsed.GetValue(outputFormat)
                ?? (target.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ResultFormat.Csv : ResultFormat.Jsonl),
            StateFolder = parsed.GetValue(state) ?? Running.StateFolder.Of(target.IsFile ? target.Name : NameOf(input)),
            Items = send.ReadItems(parsed),
            Fresh = parsed.GetValue(fresh),
            Options = options,
            Transport = connections,
            Notes = [.. transport.ReadNotes(parsed, connections, DateTimeOffset.UtcNow)],
        };
    }

    // In the current folder, because the input's may not be writable.
    static string NameOf(string input) => input == InputFile.StandardInputName ? "stdin" : Path.GetFileName(input);
}
