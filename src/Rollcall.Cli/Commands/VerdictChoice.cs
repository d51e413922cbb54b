using System.CommandLine;
using System.CommandLine.Parsing;
using Rollcall.Batches;

namespace Rollcall.Cli.Commands;

/// <summary>The options that say which responses are successes.</summary>
sealed class VerdictChoice
{
    readonly Option<string> success = Create(
        "--success",
        "STATUSES",
        "The statuses that are successes, such as 200-299,404.",
        "verdict.success",
        _ => new VerdictOptions().Success);

    readonly Option<string?> failIf = Create(
        "--fail-if",
        "JMESPATH",
        "The item failed if this is true of the JSON in the body of its response: not null, false or empty. Example: --fail-if error.",
        "verdict.failIf",
        _ => (string?)null);

    readonly Option<string?> succeedIf = Create(
        "--succeed-if",
        "JMESPATH",
        """The item failed unless this is true. Example: --succeed-if "status == 'ok'".""",
        "verdict.succeedIf",
        _ => (string?)null);

    readonly Option<string?> retryIf = Create(
        "--retry-if", "JMESPATH", "The item is sent again, as after a 503, if this is true.", "verdict.retryIf", _ => (string?)null);

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [success, failIf, succeedIf, retryIf];

    /// <summary>What they say.</summary>
    public VerdictOptions Read(ParseResult parsed) => new()
    {
        Success = parsed.GetRequiredValue(success),
        FailIf = parsed.GetValue(failIf),
        SucceedIf = parsed.GetValue(succeedIf),
        RetryIf = parsed.GetValue(retryIf),
    };

    static Option<T> Create<T>(string name, string helpName, string description, string field, Func<ArgumentResult, T> factory)
        where T : class? => new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = factory,
            CustomParser = NumberText.TextOfBatch<T>(field),
        };
}
