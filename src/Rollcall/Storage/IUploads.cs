using System.Globalization;

namespace Rollcall.Storage;

/// <summary>
/// Keeps the input of a batch that is uploaded in parts until the batch is started: a platform in front of the host may not accept a
/// request as large as the complete input. Storage failures are thrown as <see cref="IOException"/>.
/// </summary>
public interface IUploads
{
    /// <summary>How long unused parts are kept: a day after the last one was received.</summary>
    static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>Writes a part, durably and with its hash. It replaces one with the same number.</summary>
    /// <param name="batchId">The id that the batch will have.</param>
    /// <param name="part">The number of the part, from 0.</param>
    /// <param name="write">Writes the part's bytes. If it throws, the part is not stored.</param>
    /// <returns>A task that completes when the part is durable.</returns>
    Task WriteAsync(string batchId, int part, Func<Stream, Task> write, CancellationToken cancellationToken);

    /// <summary>Opens a part.</summary>
    /// <param name="batchId">The id that the batch will have.</param>
    /// <param name="part">The number of the part, from 0.</param>
    /// <returns>Its bytes; null if it was not received.</returns>
    /// <exception cref="DamagedDataException">It is not what was written. The stream throws the same.</exception>
    Task<Stream?> FindAsync(string batchId, int part, CancellationToken cancellationToken);

    /// <summary>Deletes the parts of a batch.</summary>
    /// <returns>A task that completes when they are gone.</returns>
    Task DeleteAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Deletes parts that no batch was started with.</summary>
    /// <param name="time">Uploads whose last part was received before this time are deleted.</param>
    /// <returns>A task that completes when they are gone.</returns>
    Task DeleteBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>The name of a part in error messages.</summary>
    static string NameOf(int part) => string.Create(CultureInfo.InvariantCulture, $"Part {part} of the input");
}
