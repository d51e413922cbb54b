using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall change</c>: changes the limits of a running batch.</summary>
sealed class ChangeCommand : Command
{
    const string NoRate = "none";

    readonly BatchChange batch = new();

    readonly Option<int?> concurrency = new(
        "--concurrency",
        "-c")
    {
        Description = "Maximum items in flight at once.",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<int>("concurrency")),
    };

    readonly Option<string?> rate = new("--rate")
    {
        Description = $"Maximum requests per second, retries included; '{NoRate}' for no limit.",
        HelpName = $"N|{NoRate}",
        CustomParser = ParseRate,
    };

    public ChangeCommand()
        : base("change", "Change how many items of a batch are in flight at once, or its request rate. Options not given stay as they are.")
    {
        batch.AddTo(this, ends: false);
        Options.Add(concurrency);
        Options.Add(rate);
        SetAction((parsed, cancellationToken) =>
        {
            var limits = ReadLimits(parsed);
            return batch.RunAsync(parsed, (client, id, token) => client.PatchAsync(id, limits, token), cancellationToken);
        });
    }

    JsonObject ReadLimits(ParseResult parsed)
    {
        var limits = new JsonObject();
        if (parsed.GetValue(concurrency) is { } atOnce)
        {
            limits["concurrency"] = atOnce;
        }

        if (parsed.GetValue(rate) is { } text)
        {
            limits["ratePerSecond"] = text == NoRate ? null : double.Parse(text, CultureInfo.InvariantCulture);
        }

        if (limits.Count == 0)
        {
            throw CliException.Usage("Nothing to change: give --concurrency, --rate or both.");
        }

        return limits;
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
