using System.CommandLine;
using Rollcall.Cli.Files;
using Rollcall.Cli.Running;
using Rollcall.Cli.Targets;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall demo</c>: the main job on a local target, with the answers that the usual script loses.</summary>
sealed class DemoCommand : Command
{
    const int DefaultItems = 30_000;
    const int MaxItems = 10_000_000;

    public DemoCommand()
        : base(
            "demo",
            "Start a local target, send it payloads, and show the receipt. The answers are of 200 B to 2 MB; the large ones come slowly, "
            + "in pieces.")
    {
        var items = new Option<int>("--items")
        {
            Description = "How many payloads.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultItems,
            CustomParser = NumberText.From(1, MaxItems),
        };
        var largeEvery = new Option<int>("--large-every")
        {
            Description = "One answer in so many is of 2 MB; 1 makes all of them large.",
            HelpName = "N",
            DefaultValueFactory = _ => DemoItems.DefaultLargeEvery,
            CustomParser = NumberText.From(1, MaxItems),
        };
        var keep = new Option<string?>("--keep")
        {
            Description = "A folder for the payloads and the results, which are otherwise deleted. It must be empty, or not be there yet.",
            HelpName = "DIR",
            Validators = { PathText.RequireText },
        };
        var json = new Option<bool>("--json") { Description = "Write progress and the receipt as JSON, one object a line." };
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

            return Directory.EnumerateFileSystemEntries(path).Any()
                ? throw CliException.Usage($"The folder '{folder}' is not empty. Name another one with --keep.")
                : path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage(
                $"The folder '{folder}' cannot be used: {Sentence.Of(exception.Message)} Name another one with --keep.");
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
        // The same command would have another target.
        var settings = new RunSettings
        {
            Input = input,
            Output = OutputTarget.Open(output),
            StateFolder = output + ".rollcall",
            Url = target.Url + "/",
            IsResumable = false,
        };
        int exitCode = await RunCommand.RunAsync(settings, asJson);

        long wrong = await items.CountWrongAsync(output);
        StandardError.WriteLine(wrong == 0
            ? "Checked: every answer is whole, in its place, and the answer to its own payload."
            : $"{wrong} answers are missing, short or another item's.");
        return wrong == 0 ? exitCode : ExitCode.NotFinished;
    }
}
