using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall change</c>: gives a batch that runs other bounds.</summary>
sealed class ChangeCommand : Command
{
    const string NoRate = "none";

    readonly BatchChange batch = new();

    readonly Option<int?> concurrency = new(
        "--concurrency",
        "-c") { Description = "How many items are in flight at once.",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<int>("concurrency")) };

    readonly Option<string?> rate = new("--rate")
    {
        Description = $"How many requests are sent a second at the most, retries included; '{NoRate}' for no bound.",
        HelpName = $"N|{NoRate}",
        CustomParser = ParseRate,
    };

    public ChangeCommand()
        : base("change", "Change how many items of a batch are in flight at once, or sent a second. What is not named stays as it is.")
    {
        batch.AddTo(this, ends: false);
        Options.Add(concurrency);
        Options.Add(rate);
        SetAction((parsed, cancellationToken) =>
        {
            var bounds = ReadBounds(parsed);
            return batch.RunAsync(parsed, (client, id, token) => client.PatchAsync(id, bounds, token), cancellationToken);
        });
    }

    JsonObject ReadBounds(ParseResult parsed)
    {
        var bounds = new JsonObject();
        if (parsed.GetValue(concurrency) is { } atOnce)
        {
            bounds["concurrency"] = atOnce;
        }

        if (parsed.GetValue(rate) is { } text)
        {
            bounds["ratePerSecond"] = text == NoRate ? null : double.Parse(text, CultureInfo.InvariantCulture);
        }

        return bounds.Count == 0 ? throw CliException.Usage("Name what changes: --concurrency, --rate or both.") : bounds;
    }

    static string? ParseRate(ArgumentResult result)
    {
        string? text = result.Tokens.Count == 0 ? null : result.Tokens[^1].Value;
        if (text is not (null or NoRate))
        {
            NumberText.OfBatch<double>("ratePerSecond", $"requests per second, or '{NoRate}'")(result);
        }

        return text;
    }
}
