using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Intake;
using Rollcall.Results;
using Rollcall.Sending;

namespace Rollcall.Cli.Running;

/// <summary>The settings of <c>rollcall run</c>.</summary>
sealed record RunSettings
{
    /// <summary>The input file, or <c>-</c> for standard input.</summary>
    public required string Input { get; init; }

    /// <summary>Where the items go, and as what requests, without <see cref="Headers"/>.</summary>
    public required BatchTarget Request { get; init; }

    /// <summary>Request headers by name. Their values are never written to disk.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the bearer token of the requests comes from; null if they have none.</summary>
    public RunAuth? Auth { get; init; }

    /// <summary>Where the results go.</summary>
    public required OutputTarget Output { get; init; }

    /// <summary>The format of the results.</summary>
    public ResultFormat OutputFormat { get; init; }

    /// <summary>The folder that makes a run resumable.</summary>
    public required string StateFolder { get; init; }

    /// <summary>What decides which items the input has.</summary>
    public InputOptions Items { get; init; } = new();

    /// <summary>How the items are sent.</summary>
    public BatchOptions Options { get; init; } = new();

    /// <summary>How connections are made. Nothing of it is written to disk.</summary>
    public SenderTransport Transport { get; init; } = new();

    /// <summary>What is shown before anything is sent.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether to discard an earlier run's state first.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether the same command can resume the run.</summary>
    public bool IsResumable { get; init; } = true;

    /// <summary>
    /// The end of a sentence that says how to resume, without a full stop. With --fresh the same command would start over.
    /// </summary>
    public string HowToResume => HowToResumeBy("run");

    /// <summary>
    /// A space and a sentence that says what is kept of an unfinished run; empty if it cannot be resumed.
    /// </summary>
    public string WhatIsKept => IsResumable ? $" What was recorded is kept{HowToResume}." : "";

    /// <summary>A sentence that says how to resume a run that ended early.</summary>
    public string HowToResumeAfterAnEarlyEnd => $"Run {SameCommand} to send the items that did not succeed.";

    string SameCommand => $"the same command{(Fresh ? " without --fresh" : "")}";

    /// <summary>The target for the batch's manifest: with the names of the headers, without their values.</summary>
    public BatchTarget ToTarget() => Request with
    {
        Headers = Headers.Keys
            .Order(StringComparer.OrdinalIgnoreCase)
            .ToDictionary(name => name, name => new TargetHeader { Secret = name }),
        Auth = Auth?.Target,
    };

    /// <summary>The exception for a command that was stopped before the run ended.</summary>
    /// <param name="done">The number of recorded items.</param>
    /// <param name="items">The number of all items.</param>
    /// <param name="reason">Why Rollcall itself stopped, a sentence; null if a user did.</param>
    public CliException Stopped(long done, long items, string? reason = null) => CliException.NotFinished(
        $"Stopped{(reason is null ? "" : $": {reason.TrimEnd('.')}")}. {done} of {items} items are recorded"
        + $"{HowToResumeBy(reason is null ? "run" : "fix it and run")}.");

    string HowToResumeBy(string doing) => IsResumable ? $"; {doing} {SameCommand} to resume" : "";
}
