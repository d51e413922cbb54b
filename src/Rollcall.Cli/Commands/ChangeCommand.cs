using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Rollcall.Batches;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall change</c>: gives a batch that runs other bounds.</summary>
sealed class ChangeCommand : Command
{
    const string NoRate = "none";

    readonly BatchChange batch = new();

    readonly Option<int?> concurrency = new("--concurrency", "-c") { Description = "How many items are in flight at once.", HelpName = "N" };

    readonly Option<string?> rate = new("--rate")
    {
        Description = $"How many requests are sent a second at the most, retries included; '{NoRate}' for no bound.",
        HelpName = $"N|{NoRate}",
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
        var options = new BatchOptions();
        if (parsed.GetValue(concurrency) is { } atOnce)
        {
            options.Concurrency = atOnce;
            bounds["concurrency"] = atOnce;
        }

        if (parsed.GetValue(rate) is { } text)
        {
            options.RatePerSecond = ReadRate(text);
            bounds["ratePerSecond"] = options.RatePerSecond;
        }

        return bounds.Count == 0 ? throw CliException.Usage("Name what changes: --concurrency, --rate or both.")
            : options.FindError() is { } error ? throw CliException.Usage(error)
            : bounds;
    }

    static double? ReadRate(string text) =>
        text == NoRate ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
        : throw CliException.Usage($"--rate is '{text}': a number, or '{NoRate}', is needed.");
}
