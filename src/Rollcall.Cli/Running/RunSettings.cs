using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Intake;

namespace Rollcall.Cli.Running;

/// <summary>What `rollcall run` was asked to do.</summary>
sealed record RunSettings
{
    /// <summary>The input file, or <c>-</c> for standard input.</summary>
    public required string Input { get; init; }

    /// <summary>The URL to send to.</summary>
    public required string Url { get; init; }

    /// <summary>Request headers by name. Their values are never written to disk.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the results go.</summary>
    public required OutputTarget Output { get; init; }

    /// <summary>The folder that makes a run resumable.</summary>
    public required string StateFolder { get; init; }

    /// <summary>What a line of the input is.</summary>
    public LineFormat Format { get; init; }

    /// <summary>How the items are sent.</summary>
    public BatchOptions Options { get; init; } = new();

    /// <summary>Whether an earlier run's state is thrown away first.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether the same command goes on with the run.</summary>
    public bool IsResumable { get; init; } = true;

    /// <summary>
    /// The end of a sentence that says how to go on, without a full stop. With --fresh the same command would begin anew.
    /// </summary>
    public string HowToGoOn =>
        !IsResumable ? "" : Fresh ? "; run the same command without --fresh to go on" : "; run the same command to go on";

    /// <summary>
    /// A sentence, after a space, that says what becomes of a run that did not end; nothing where it is not gone on with.
    /// </summary>
    public string WhatIsKept => IsResumable ? $" What was recorded is kept{HowToGoOn}." : "";

    /// <summary>A sentence that says how to go on with a run that ended early.</summary>
    public string HowToGoOnAfterAnEarlyEnd =>
        $"Run the same command{(Fresh ? " without --fresh" : "")} to go on with the items that did not succeed.";

    /// <summary>The target as the batch's manifest has it: with the names of the headers, and not their values.</summary>
    public BatchTarget ToTarget() => new(
        Url,
        Headers.Keys.Order(StringComparer.OrdinalIgnoreCase).ToDictionary(name => name, name => new TargetHeader { Secret = name }));

    /// <summary>The end of a command that was stopped before the run's end.</summary>
    /// <param name="done">How many items are recorded.</param>
    /// <param name="items">How many there are.</param>
    public CliException Stopped(long done, long items) =>
        CliException.NotFinished($"Stopped. {done} of {items} items are recorded{HowToGoOn}.");
}
