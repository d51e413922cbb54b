using Rollcall.Batches;
using Rollcall.Intake;

namespace Rollcall.Hosting;

/// <summary>What came of a request to start a batch.</summary>
/// <param name="Manifest">The batch that has the id.</param>
/// <param name="Result">Whether it is the one that was asked for.</param>
/// <param name="Differences">What differs, where another batch has the id, each with the field's JSON Pointer; else empty.</param>
public sealed record StartedBatch(BatchManifest Manifest, StartResult Result, IReadOnlyList<InputError> Differences)
{
    /// <summary>Says that another batch has the id: enough for a person where there is one difference, and else how many there are.</summary>
    public string DescribeConflict() =>
        $"There is a batch '{Manifest.Id}' already, and {(Differences.Count == 1 ? $"it is another: {Differences[0]}" : $"{Differences.Count} things differ.")} Use another id.";
}
