using System.CommandLine;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Cli.Running;
using Rollcall.Cli.Targets;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall demo</c>: the main job against a local target, with the kind of responses that a typical script loses.</summary>
sealed class DemoCommand : Command
{
    const int DefaultItems = 30_000;
    const int MaxItems = 10_000_000;

    public DemoCommand()
        : base(
            "demo",
            "Start a local target, send it payloads, and show the receipt. Responses are 200 B to 2 MB long; the large ones arrive slowly, "
            + "in pieces.")
    {
        var items = new Option<int>("--items")
        {
            Description = "Number of payloads.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultItems,
            CustomParser = NumberText.From(1, MaxItems),
        };
        var largeEvery = new Option<int>("--large-every")
        {
            Description = "Make every Nth response 2 MB long; 1 makes all of them large.",
            HelpName = "N",
            DefaultValueFactory = _ => DemoItems.DefaultLargeEvery,
            CustomParser = NumberText.From(1, MaxItems),
        };
        var keep = new Option<string?>("--keep")
        {
            Description = "Keep the payloads and the results in this folder, which must be empty or new (default: they are deleted).",
            HelpName = "DIR",
            Validators = { PathText.RequireText },
        };
        var json = new Option<bool>("--json") { Description = "Write progress and the receipt as JSON, one object per line." };
        Options.Add(items);
        Options.Add(largeEvery);
        Options.Add(keep);
        Options.Add(json);
        SetAction(
            (parsed, _) => RunAsync(parsed.GetValue(items), parsed.GetValue(largeEvery), parsed.GetValue(keep), parsed.GetValue(json)));
    }

    static async Task<int> RunAsync(int items, int largeEvery, string? keep, bool asJson)
    {
        string folder = keep is null ? Directory.CreateTempSubdirectory("rollcall-demo-").FullName : CreateEmpty(keep);
        try
        {
            return await RunAsync(new DemoItems(items, largeEvery), folder, asJson);
        }
        finally
        {
            if (keep is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    static string CreateEmpty(string folder)
    {
        try
        {
            bool isNew = !Directory.Exists(folder);
            string path = Directory.CreateDirectory(folder).FullName;
            if (isNew)
            {
                UserMask.GiveFolder(path);
            }

            if (Directory.EnumerateFileSystemEntries(path).Any())
            {
                throw CliException.Usage($"The folder '{folder}' is not empty. Choose another one with --keep.");
            }

            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage(
                $"The folder '{folder}' cannot be used: {Sentence.Of(exception.Message)} Choose another one with --keep.");
        }
    }

    static async Task<int> RunAsync(DemoItems items, string folder, bool asJson)
    {
        string input = Path.Combine(folder, "items.jsonl");
        string output = Path.Combine(folder, "results.jsonl");
        await File.WriteAllLinesAsync(input, Enumerable.Range(0, items.Count).Select(DemoItems.Payload));
        UserMask.GiveFile(input);

        await using var target = await TargetServer.StartAsync(port: 0, payload => items.Plan(DemoItems.NumberOf(payload.Span)));
        StandardError.WriteLine($"Sending {items.Describe()} to a target on {target.Url}.");
        // The same command would start another target.
        var settings = new RunSettings
        {
            Input = input,
            Output = OutputTarget.Open(output),
            StateFolder = output + ".rollcall",
            Request = new BatchTarget(target.Url + "/", new Dictionary<string, TargetHeader>()),
            IsResumable = false,
        };
        int exitCode = await RunCommand.RunAsync(settings, asJson);

        long wrong = await items.CountWrongAsync(output);
        StandardError.WriteLine(wrong == 0
            ? "Checked: every response is complete, in its place, and belongs to its own payload."
            : $"{wrong} responses are missing, incomplete or belong to another item.");
        return wrong == 0 ? exitCode : ExitCode.NotFinished;
    }
}
