using System.CommandLine;
using Rollcall.Batches;
using Rollcall.Intake;

namespace Rollcall.Cli.Commands;

/// <summary>What the commands that have a file of payloads sent are told: what to send, where to, and how.</summary>
/// <param name="headerNote">What becomes of a header's value.</param>
sealed class SendOptions(string headerNote)
{
    static readonly BatchOptions Defaults = new();

    readonly Argument<string> input = new("items")
    {
        Description = "The file of payloads, one JSON value a line; - for standard input.",
        Validators = { PathText.RequireText },
    };

    readonly Option<string> to = new("--to")
    {
        Description = "The http or https URL to POST every payload to.",
        HelpName = "URL",
        Required = true,
    };

    readonly Option<string[]> headers = new("--header", "-H")
    {
        Description =
            "A request header, 'Name: value', or @FILE with one per line, which no list of processes shows. May be given several times. "
            + $"{headerNote}",
        HelpName = "HEADER",
        DefaultValueFactory = _ => [],
    };

    readonly Option<string[]> headerVariables = new("--header-env")
    {
        Description = "A request header whose value is that of an environment variable. May be given several times.",
        HelpName = "NAME=VAR",
        DefaultValueFactory = _ => [],
    };

    readonly Option<int> concurrency = new("--concurrency", "-c")
    {
        Description = "How many items are in flight at once.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Concurrency,
        CustomParser = NumberText.OfBatch<int>("concurrency"),
    };

    readonly Option<double?> rate = new("--rate")
    {
        Description = "How many requests are sent a second at the most, retries included. Without it there is no bound.",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("ratePerSecond", "requests per second")),
    };

    readonly Option<int> maxAttempts = new("--max-attempts")
    {
        Description = "How often an item is sent at the most when the failure may pass.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Retry.MaxAttempts,
        CustomParser = NumberText.OfBatch<int>("retry.maxAttempts"),
    };

    readonly Option<double> timeout = new("--timeout")
    {
        Description = "The time limit of one attempt, to the last byte of its body.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => Defaults.TimeoutSeconds,
        CustomParser = NumberText.OfBatch<double>("timeoutSeconds", "seconds"),
    };

    readonly Option<long> maxBodyBytes = new("--max-body-bytes")
    {
        Description = "The largest body that is an answer.",
        HelpName = "BYTES",
        DefaultValueFactory = _ => Defaults.MaxBodyBytes,
        CustomParser = NumberText.OfBatch<long>("maxBodyBytes", "bytes"),
    };

    readonly Option<bool> followRedirects = new("--follow-redirects")
    {
        Description =
            "Follow redirects, up to ten in a row. After 301, 302 or 303 that is a GET without the payload; 307 and 308 keep both.",
    };

    readonly Option<bool> noRetryTimeouts = new("--no-retry-timeouts")
    {
        Description = "Do not send an item again whose attempt ran out of time: the target may have done its work.",
    };

    readonly Option<bool> noKeepAlive = new("--no-keep-alive")
    {
        Description = "Send every request over a connection of its own.",
    };

    readonly Option<double?> deadline = new("--deadline")
    {
        Description = "The time in which items may be sent. What was not sent by then is 'expired'.",
        HelpName = "SECONDS",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("deadlineSeconds", "seconds")),
    };

    readonly Option<long?> maxFailed = new("--max-failed")
    {
        Description = "How many items may fail. One more ends the batch early: what was not sent by then is 'cancelled'.",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<long>("maxFailedItems")),
    };

    readonly Option<double?> maxFailedPercent = new("--max-failed-percent")
    {
        Description = "The same in percent of all items: 0 to 100. With both, the stricter one counts.",
        HelpName = "P",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("maxFailedPercent")),
    };

    readonly Option<LineFormat?> lines = KebabCaseOption.CreateOne<LineFormat>(
        "--lines",
        "What a line is: the payload itself, or an item {\"id\":…,\"body\":…}, whose id no other item has.");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(input);
        Option[] options =
        [
            to,
            headers,
            headerVariables,
            concurrency,
            rate,
            maxAttempts,
            timeout,
            noRetryTimeouts,
            maxBodyBytes,
            followRedirects,
            noKeepAlive,
            deadline,
            maxFailed,
            maxFailedPercent, lines,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The input file, or <c>-</c> for standard input.</summary>
    public string ReadInput(ParseResult parsed) => parsed.GetRequiredValue(input);

    /// <summary>What a line of the input is.</summary>
    public LineFormat ReadFormat(ParseResult parsed) => parsed.GetValue(lines) ?? LineFormat.Payload;

    /// <summary>The headers by name.</summary>
    /// <exception cref="CliException">One cannot be used.</exception>
    public Dictionary<string, string> ReadHeaders(ParseResult parsed) =>
        HeaderTexts.Read(parsed.GetRequiredValue(headers), parsed.GetRequiredValue(headerVariables));

    /// <summary>The target's URL.</summary>
    /// <exception cref="CliException">It cannot be sent to.</exception>
    public string ReadUrl(ParseResult parsed)
    {
        string url = parsed.GetRequiredValue(to);
        return BatchTarget.FindUrlError(url) is { } error ? throw CliException.Usage($"--to: {error}") : url;
    }

    /// <summary>How the items are sent.</summary>
    public BatchOptions ReadOptions(ParseResult parsed) => Defaults with
    {
        Concurrency = parsed.GetValue(concurrency),
        RatePerSecond = parsed.GetValue(rate),
        TimeoutSeconds = parsed.GetValue(timeout),
        MaxBodyBytes = parsed.GetValue(maxBodyBytes),
        FollowRedirects = parsed.GetValue(followRedirects),
        KeepAlive = !parsed.GetValue(noKeepAlive),
        DeadlineSeconds = parsed.GetValue(deadline),
        MaxFailedItems = parsed.GetValue(maxFailed),
        MaxFailedPercent = parsed.GetValue(maxFailedPercent),
        Retry = Defaults.Retry with { MaxAttempts = parsed.GetValue(maxAttempts), OnTimeout = !parsed.GetValue(noRetryTimeouts) },
    };
}
