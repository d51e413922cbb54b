using System.Globalization;

namespace Rollcall.Storage;

/// <summary>
/// Keeps the input of a batch that comes in parts, until the batch is started with it: a platform in front of the host may take no request
/// as large as the whole. Failures of the storage come out as <see cref="IOException"/>.
/// </summary>
public interface IUploads
{
    /// <summary>How long parts are kept that no batch was started with: a day after the last one came.</summary>
    static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>Writes a part, durably and with its hash. One of that number is replaced.</summary>
    /// <param name="batchId">The id that the batch will have.</param>
    /// <param name="part">The number of the part, from 0.</param>
    /// <param name="write">Writes its bytes. Where it throws, the part is not there.</param>
    /// <returns>A task that ends when the part is durable.</returns>
    Task WriteAsync(string batchId, int part, Func<Stream, Task> write, CancellationToken cancellationToken);

    /// <summary>Opens a part.</summary>
    /// <param name="batchId">The id that the batch will have.</param>
    /// <param name="part">The number of the part, from 0.</param>
    /// <returns>Its bytes; null where it did not come.</returns>
    /// <exception cref="DamagedDataException">It is not what was written. The stream throws the same.</exception>
    Task<Stream?> FindAsync(string batchId, int part, CancellationToken cancellationToken);

    /// <summary>Deletes the parts of a batch.</summary>
    /// <returns>A task that ends when they are gone.</returns>
    Task DeleteAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Deletes what no batch was started with.</summary>
    /// <param name="time">Uploads of which nothing came from then on are deleted.</param>
    /// <returns>A task that ends when they are gone.</returns>
    Task DeleteBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>What the message of an error calls a part.</summary>
    static string NameOf(int part) => string.Create(CultureInfo.InvariantCulture, $"Part {part} of the input");
}
