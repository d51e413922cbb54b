using Rollcall.Batches;
using Rollcall.Validation;

namespace Rollcall.Lifecycle;

/// <summary>The result of a request to start a batch.</summary>
/// <param name="Manifest">The batch that has the id.</param>
/// <param name="Result">Whether it is the requested one.</param>
/// <param name="Differences">If another batch has the id, what differs, each with the field's JSON Pointer; otherwise empty.</param>
public sealed record StartedBatch(BatchManifest Manifest, StartResult Result, IReadOnlyList<InputError> Differences)
{
    /// <summary>The error of a request whose id belongs to another batch.</summary>
    /// <returns>
    /// The error, with the differences. The caller reports it and does not throw it, because the existing batch is unchanged.
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

/// <summary>The result of a request to start a batch.</summary>
public enum StartResult
{
    /// <summary>The batch is new and started.</summary>
    Started,

    /// <summary>There already was a batch with the same id and the same content.</summary>
    Existing,

    /// <summary>There already was a batch with the same id and other content. Nothing was changed.</summary>
    Conflict,
}
