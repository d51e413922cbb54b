using System.CommandLine;
using Rollcall.Batches;
using Rollcall.Intake;

namespace Rollcall.Cli.Commands;

/// <summary>The options of the commands that send a file of payloads: what to send, where to, and how.</summary>
/// <param name="headerNote">Where a header's value is stored.</param>
/// <param name="only">The one format of the command's input; null for any.</param>
sealed class SendOptions(string headerNote, InputFormat? only = null)
{
    static readonly BatchOptions Defaults = new();

    readonly Argument<string> input = new(only is InputFormat.Urls ? "urls" : "items")
    {
        Description = only is InputFormat.Urls
            ? "The file of URLs, one per line; - for standard input."
            : "The file of items: JSON lines, a JSON array, CSV and others, see --input; - for standard input.",
        Validators = { PathText.RequireText },
    };

    readonly Option<string> to = new("--to")
    {
        Description = only is InputFormat.Urls
            ? "The http or https URL that relative URLs are resolved against."
            : "The http or https URL to send every item to. {{name}} in it is a field of the item. A list of URLs needs none, nor do "
            + "requests "
            + "with absolute URLs.",
        HelpName = "URL",
        DefaultValueFactory = _ => "",
    };

    readonly Option<string[]> headers = new("--header", "-H")
    {
        Description =
            "A request header, 'Name: value', or @FILE with one per line, which keeps it out of process lists. May be repeated. "
            + $"{headerNote}",
        HelpName = "HEADER",
        DefaultValueFactory = _ => [],
    };

    readonly Option<string[]> headerVariables = new("--header-env")
    {
        Description = "A request header whose value comes from an environment variable. May be repeated.",
        HelpName = "NAME=VAR",
        DefaultValueFactory = _ => [],
    };

    readonly Option<int> concurrency = new("--concurrency", "-c")
    {
        Description = "Maximum items in flight at once.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Concurrency,
        CustomParser = NumberText.OfBatch<int>("concurrency"),
    };

    readonly Option<double?> rate = new("--rate")
    {
        Description = "Maximum requests per second, retries included (default: no limit).",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("ratePerSecond", "requests per second")),
    };

    readonly Option<int> maxAttempts = new("--max-attempts")
    {
        Description = "Maximum attempts per item for transient failures. Refusals do not count: see --max-wait.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Retry.MaxAttempts,
        CustomParser = NumberText.OfBatch<int>("retry.maxAttempts"),
    };

    readonly Option<double> maxWait = new("--max-wait")
    {
        Description = "How long an item is sent again that is refused (429, 503, 529) or finds nobody, from its first refusal.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => Defaults.Retry.MaxWaitSeconds,
        CustomParser = NumberText.OfBatch<double>("retry.maxWaitSeconds", "seconds"),
    };

    readonly Option<double> timeout = new("--timeout")
    {
        Description = "Time limit for one attempt, up to the last byte of the response body.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => Defaults.TimeoutSeconds,
        CustomParser = NumberText.OfBatch<double>("timeoutSeconds", "seconds"),
    };

    readonly Option<long> maxBodyBytes = new("--max-body-bytes")
    {
        Description = "Maximum length of a response body.",
        HelpName = "BYTES",
        DefaultValueFactory = _ => Defaults.MaxBodyBytes,
        CustomParser = NumberText.OfBatch<long>("maxBodyBytes", "bytes"),
    };

    readonly Option<bool> followRedirects = new("--follow-redirects")
    {
        Description =
            "Follow up to ten redirects in a row. 301 and 302 turn a POST, and 303 any request, into a GET without the body.",
    };

    readonly Option<bool> noRetryTimeouts = new("--no-retry-timeouts")
    {
        Description = "Do not retry attempts that time out: the target may already have processed them.",
    };

    readonly Option<bool> noKeepAlive = new("--no-keep-alive")
    {
        Description = "Use a new connection for every request.",
    };

    readonly Option<bool> noPauseOnRefusal = new("--no-pause-on-refusal")
    {
        Description =
            "Go on when the last 20 responses were all 401 or 403, which become the items' outcomes (default: stop sending, because the "
            + "credentials are probably wrong).",
    };

    readonly Option<double?> deadline = new("--deadline")
    {
        Description = "Time limit for sending items. Items not sent by then become 'expired'.",
        HelpName = "SECONDS",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("deadlineSeconds", "seconds")),
    };

    readonly Option<long?> maxFailed = new("--max-failed")
    {
        Description = "Maximum failed items. One more ends the batch early: items not sent by then become 'cancelled'.",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<long>("maxFailedItems")),
    };

    readonly Option<double?> maxFailedPercent = new("--max-failed-percent")
    {
        Description = "The same as a percentage of all items, 0 to 100. If both are given, the stricter one applies.",
        HelpName = "P",
        CustomParser = NumberText.OrNull(NumberText.OfBatch<double>("maxFailedPercent")),
    };

    readonly VerdictChoice verdict = new();

    readonly FieldOptions fields = new();
    readonly InputChoice choice = new(only);

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
            maxWait,
            timeout,
            noRetryTimeouts,
            maxBodyBytes,
            followRedirects,
            noKeepAlive,
            noPauseOnRefusal,
            deadline,
            maxFailed,
            maxFailedPercent,
            .. verdict.All,
            .. fields.All,
            .. choice.All,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The input file, or <c>-</c> for standard input.</summary>
    public string ReadInput(ParseResult parsed) => parsed.GetRequiredValue(input);

    /// <summary>What decides which items the input has.</summary>
    public InputOptions ReadItems(ParseResult parsed) => choice.Read(parsed);

    /// <summary>The headers by name.</summary>
    /// <exception cref="CliException">One cannot be used.</exception>
    public Dictionary<string, string> ReadHeaders(ParseResult parsed) =>
        HeaderTexts.Read(parsed.GetRequiredValue(headers), parsed.GetRequiredValue(headerVariables));

    /// <summary>The target's URL as it was given; empty if it was not.</summary>
    public string ReadUrlText(ParseResult parsed) => parsed.GetRequiredValue(to);

    /// <summary>How the items are sent.</summary>
    public BatchOptions ReadOptions(ParseResult parsed) => Defaults with
    {
        Concurrency = parsed.GetValue(concurrency),
        RatePerSecond = parsed.GetValue(rate),
        TimeoutSeconds = parsed.GetValue(timeout),
        MaxBodyBytes = parsed.GetValue(maxBodyBytes),
        FollowRedirects = parsed.GetValue(followRedirects),
        KeepAlive = !parsed.GetValue(noKeepAlive),
        PauseOnRefusal = !parsed.GetValue(noPauseOnRefusal),
        DeadlineSeconds = parsed.GetValue(deadline),
        MaxFailedItems = parsed.GetValue(maxFailed),
        MaxFailedPercent = parsed.GetValue(maxFailedPercent),
        Verdict = verdict.Read(parsed),
        Record = fields.Read(parsed),
        Retry = Defaults.Retry with
        {
            MaxAttempts = parsed.GetValue(maxAttempts),
            MaxWaitSeconds = parsed.GetValue(maxWait),
            OnTimeout = !parsed.GetValue(noRetryTimeouts),
        },
    };
}
