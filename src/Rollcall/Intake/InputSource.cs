namespace Rollcall.Intake;

/// <summary>Where the bytes of an input come from.</summary>
/// <param name="Stream">The bytes. The reader does not close it.</param>
public sealed record InputSource(Stream Stream)
{
    /// <summary>The name of the file or blob, by whose ending the format is found; null if it has none.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Opens the bytes once more from their start; null if that is not possible. Then an input that must be read twice is first copied to a
    /// temporary file, unpacked, that only this process's user can read.
    /// </summary>
    public Func<CancellationToken, Task<Stream>>? Reopen { get; init; }

    /// <summary>The maximum length of that file, in bytes; null for no limit.</summary>
    public long? MaxCopyBytes { get; init; }

    /// <summary>The folder of files that requests may name; null if they may name none.</summary>
    public string? Folder { get; init; }
}
