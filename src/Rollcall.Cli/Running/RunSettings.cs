using Rollcall.Batches;
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
    public required string Output { get; init; }

    /// <summary>The folder that makes a run resumable.</summary>
    public required string StateFolder { get; init; }

    /// <summary>What a line of the input is.</summary>
    public LineFormat Format { get; init; }

    /// <summary>How the items are sent.</summary>
    public BatchOptions Options { get; init; } = new();

    /// <summary>Whether an earlier run's state and output are thrown away first.</summary>
    public bool Fresh { get; init; }

    /// <summary>The target as the batch's manifest has it: with the names of the headers, and not their values.</summary>
    public BatchTarget ToTarget() => new(
        Url,
        Headers.Keys.Order(StringComparer.OrdinalIgnoreCase).ToDictionary(name => name, name => new TargetHeader { Secret = name }));
}
