using System.CommandLine;
using Rollcall.Batches;

namespace Rollcall.Cli.Commands;

/// <summary>When a server starts a batch, and who is notified of its end.</summary>
sealed class ScheduleOptions
{
    readonly Option<DateTimeOffset?> startAt =
        TimeText.CreateOption("--start-at", "The earliest time to send the first item, such as 2026-01-31T22:00:00+01:00 (default: now).");

    readonly Option<string?> webhook = new("--webhook")
    {
        Description = "A URL to which the server POSTs a notice when the batch has ended.",
        HelpName = "URL",
    };

    readonly Option<string?> webhookSecret = new("--webhook-secret")
    {
        Description = "The name of the server's webhook key that signs the notice (default: not signed).",
        HelpName = "NAME",
    };

    readonly Option<string?> notifyQueue = new("--notify-queue")
    {
        Description = "A queue in the server's storage account that gets a message when the batch has ended.",
        HelpName = "NAME",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { startAt, webhook, webhookSecret, notifyQueue })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>When the first item may be sent; null for now.</summary>
    public DateTimeOffset? ReadStart(ParseResult parsed) => parsed.GetValue(startAt);

    /// <summary>Who is notified of the end; null for nobody.</summary>
    /// <exception cref="CliException">The options are wrong.</exception>
    public OnCompleted? ReadOnCompleted(ParseResult parsed)
    {
        string? url = parsed.GetValue(webhook);
        string? secret = parsed.GetValue(webhookSecret);
        string? queue = parsed.GetValue(notifyQueue);
        if (url is not null && BatchTarget.FindUrlError(url) is { } error)
        {
            throw CliException.Usage($"--webhook: {error}");
        }

        if (secret is not null && url is null)
        {
            throw CliException.Usage("--webhook-secret signs the notice to --webhook, which is not given.");
        }

        var called = url is null ? null : new CompletionWebhook(url, secret);
        return called is null && queue is null ? null : new OnCompleted { Webhook = called, Queue = queue };
    }
}
