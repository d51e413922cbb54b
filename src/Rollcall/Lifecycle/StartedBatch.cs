using Rollcall.Batches;
using Rollcall.Validation;

namespace Rollcall.Lifecycle;

/// <summary>What came of a request to start a batch.</summary>
/// <param name="Manifest">The batch that has the id.</param>
/// <param name="Result">Whether it is the one that was asked for.</param>
/// <param name="Differences">What differs, where another batch has the id, each with the field's JSON Pointer; else empty.</param>
public sealed record StartedBatch(BatchManifest Manifest, StartResult Result, IReadOnlyList<InputError> Differences)
{
    /// <summary>What is wrong with a request whose id is another batch's.</summary>
    /// <returns>
    /// The error, with the differences. It is for the caller to say, not to throw: the batch that was there is as it was.
    /// </returns>
    public InvalidInputException ToConflict()
    {
        string what = Differences.Count == 1 ? $"it is another: {Differences[0]}" : $"{Differences.Count} things differ.";
        return new InvalidInputException(
            $"There is a batch '{Manifest.Id}' already, and {what} Use another id.",
            [.. Differences.Take(InvalidInputException.MaxErrors)],
            Differences.Count);
    }
}

/// <summary>What came of a request to start a batch.</summary>
public enum StartResult
{
    /// <summary>The batch is new and started.</summary>
    Started,

    /// <summary>A batch with the same id and the same content was there.</summary>
    Existing,

    /// <summary>A batch with the same id and other content was there. Nothing was changed.</summary>
    Conflict,
}
