using System.CommandLine;
using System.Text.Json;
using Rollcall.Api.Responses;
using Rollcall.Cli.Client;
using Rollcall.Cli.Files;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Validation;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall submit</c>: has a server send every payload in a file.</summary>
sealed class SubmitCommand : Command
{
    readonly SendOptions send = new("The server stores the value with the batch; for a secret, use --secret-header.");
    readonly RequestOptions request = new();
    readonly AuthOptions auth = new(isForServer: true);
    readonly ServerTlsOptions tls = new();
    readonly ScheduleOptions schedule = new();
    readonly ServerOptions server = new();

    readonly Option<string[]> secretHeaders = new("--secret-header")
    {
        Description = "A request header whose value is one of the server's secrets, 'Name: SECRET_NAME'. May be repeated.",
        HelpName = "HEADER",
        DefaultValueFactory = _ => [],
    };

    readonly Option<string?> id = new("--batch-id")
    {
        Description =
            "The batch's id (default: a new one). Submitting the same content with the same id again creates no second batch.",
        HelpName = "ID",
    };

    readonly Option<bool> watch = new("--watch") { Description = "Then watch the batch, like 'rollcall watch'." };

    readonly Option<bool> json = new("--json") { Description = "Write the server's response as JSON instead of the id." };

    public SubmitCommand()
        : base("submit", "Have a Rollcall server send every payload in a file to a URL. Prints the batch's id.")
    {
        send.AddTo(this);
        request.AddTo(this);
        Options.Add(secretHeaders);
        auth.AddTo(this);
        tls.AddTo(this);
        schedule.AddTo(this);
        server.AddTo(this);
        foreach (var option in new Option[] { id, watch, json })
        {
            Options.Add(option);
        }

        SetAction((parsed, _) => RunAsync(parsed));
    }

    async Task<int> RunAsync(ParseResult parsed)
    {
        var submission = ReadSubmission(parsed);
        using var client = server.CreateClient(parsed);
        var response = await SubmitAsync(client, submission, parsed);
        bool asJson = parsed.GetValue(json);
        await Console.Out.WriteLineAsync(asJson ? JsonSerializer.Serialize(response, ApiJson.Default.StartResponse) : response.Id);
        string watching = server.Suggest(parsed, $"watch {response.Id}");
        if (parsed.GetValue(watch))
        {
            // Standard output gets the id and nothing else, unless a program reads it.
            return await WatchCommand.RunAsync(client, response.Id, asJson, StandardError.WriteLine, watching);
        }

        StandardError.WriteLine(
            $"The server accepted batch '{response.Id}' with {response.Items} items. Next: {watching}, then: "
            + $"{server.Suggest(parsed, $"results {response.Id} --out results.jsonl")}");
        return ExitCode.Succeeded;
    }

    async Task<StartResponse> SubmitAsync(ServerClient client, BatchSubmission submission, ParseResult parsed)
    {
        using var stop = new StopSignal("Stopping.");
        string input = send.ReadInput(parsed);
        await using var lines = await OpenInputAsync(input, stop.Token);
        bool isGiven = submission.Items.Format is not null;
        submission = submission with { Items = await FindFormatAsync(input, lines, submission.Items, stop.Token) };
        if (submission.Request.Url.Length == 0 && !InputFormats.HasUrls(submission.Items.Format))
        {
            throw InputItems.MissingUrl();
        }

        if (!isGiven && !parsed.GetValue(json) && InputText.Describe(submission.Items.Format!.Value) is { } found)
        {
            StandardError.WriteLine($"{input}: {found}.");
        }

        string again = ShellWord.Repeat(parsed) + (parsed.GetValue(id) is null ? $" --batch-id {submission.Id}" : "");
        string advice = $"The server may already have the batch. This command does not submit it twice: {again}";
        try
        {
            return await client.StartAsync(submission, lines, stop.Token);
        }
        catch (ServerException exception) when (exception.IsTransient)
        {
            throw CliException.NotFinished($"{Sentence.Of(exception.Message)} {advice}");
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            throw CliException.NotFinished($"Stopped. {advice}");
        }
    }

    BatchSubmission ReadSubmission(ParseResult parsed)
    {
        var headers = send.ReadHeaders(parsed);
        var secrets = HeaderTexts.Read(parsed.GetRequiredValue(secretHeaders), []);
        if (secrets.FirstOrDefault(secret => secret.Value.Length == 0).Key is { } empty)
        {
            throw CliException.Usage($"The header '{empty}' names no secret: 'Name: SECRET_NAME' is needed.");
        }

        if (secrets.Keys.FirstOrDefault(headers.ContainsKey) is { } twice)
        {
            throw CliException.Usage($"The header '{twice}' is given both as a value and as a secret.");
        }

        return new BatchSubmission
        {
            Id = parsed.GetValue(id) is { } chosen ? ServerOptions.RequireId(chosen) : Guid.CreateVersion7().ToString("N"),
            Request = request.Read(parsed, send.ReadUrlText(parsed), [], readFile: null) with
            {
                Auth = auth.ReadForServer(parsed, headers.Keys.Concat(secrets.Keys)),
                Tls = tls.Read(parsed),
            },
            Headers = headers,
            SecretHeaders = secrets,
            Items = send.ReadItems(parsed),
            Options = send.ReadOptions(parsed),
            StartAt = schedule.ReadStart(parsed),
            OnCompleted = schedule.ReadOnCompleted(parsed),
        };
    }

    // What an input is that is no file, such as a pipe, cannot be looked at: the server gets all of it.
    static async Task<InputOptions> FindFormatAsync(
        string input, InputStream lines, InputOptions options, CancellationToken stop)
    {
        if (options.Format is not null || lines.KnownLength is null)
        {
            string? name = input == InputFile.StandardInputName ? null : input;
            return options with { Format = options.Format ?? InputFormats.Find(name, start: default) };
        }

        try
        {
            var format = await InputReader.FindFormatAsync(InputFile.ToSource(input, lines), stop);
            lines.Rewind();
            return options with { Format = format };
        }
        catch (InvalidInputException exception)
        {
            throw CliException.Usage($"{input}: {Sentence.Of(exception.Message)} Nothing was sent.");
        }
    }

    static async Task<InputStream> OpenInputAsync(string input, CancellationToken stop)
    {
        try
        {
            return await InputFile.OpenAsync(input, Console.OpenStandardInput, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw CliException.NotFinished("Stopped before anything was sent.");
        }
    }
}
