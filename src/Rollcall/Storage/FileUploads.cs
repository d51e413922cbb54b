using System.Globalization;

namespace Rollcall.Storage;

/// <summary>Keeps parts of inputs in a folder of the local disk.</summary>
public sealed class FileUploads(string root) : IUploads
{
    // No id contains it.
    const char End = '.';

    /// <inheritdoc/>
    public async Task WriteAsync(string batchId, int part, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        DurableFile.MakeFolder(root);
        await DurableFile.WriteAsync(PathOf(batchId, part), stream => CheckedContent.WriteAsync(stream, write), hasOtherWriters: true);
    }

    /// <inheritdoc/>
    public async Task<Stream?> FindAsync(string batchId, int part, CancellationToken cancellationToken) =>
        BatchFiles.Find(PathOf(batchId, part)) is { } file
            ? await CheckedContent.OpenAsync(file, file.Length, IUploads.NameOf(part), sha256: null, cancellationToken)
            : null;

    /// <inheritdoc/>
    public Task DeleteAsync(string batchId, CancellationToken cancellationToken)
    {
        // Files still being written have a different extension and are left alone.
        Delete(
            List($"{batchId}{End}*").Where(file => file.AsSpan(file.LastIndexOf(End) + 1).IndexOfAnyExceptInRange('0', '9') < 0),
            cancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        foreach (var upload in List("*").GroupBy(file => Path.GetFileName(file).Split(End)[0], StringComparer.Ordinal))
        {
            if (upload.Max(File.GetLastWriteTimeUtc) < time.UtcDateTime)
            {
                Delete(upload, cancellationToken);
            }
        }

        return Task.CompletedTask;
    }

    static void Delete(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        foreach (string file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            File.Delete(file);
        }
    }

    string[] List(string pattern) => Directory.Exists(root) ? Directory.GetFiles(root, pattern) : [];

    string PathOf(string batchId, int part) => Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{batchId}{End}{part}"));
}
