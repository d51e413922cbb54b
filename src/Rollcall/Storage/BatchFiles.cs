using System.Text.Json.Serialization.Metadata;

namespace Rollcall.Storage;

/// <summary>The files of batches in a folder of the local disk that only one process uses.</summary>
/// <param name="root">The folder, with one subfolder per batch.</param>
sealed class BatchFiles(string root) : IDisposable
{
    // Only one process uses the folder, so an in-process lock is enough.
    readonly SemaphoreSlim gate = new(1);

    /// <summary>Does work that excludes all other such work.</summary>
    public async Task<T> LockAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Writes a value unless there is a file of that name.</summary>
    /// <returns>Whether it was written.</returns>
    public Task<bool> WriteNewAsync<T>(string batchId, string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        LockAsync(
        async () =>
        {
            if (File.Exists(Path.Combine(root, batchId, name)))
            {
                return false;
            }

            await WriteAsync(batchId, name, value, type);
            return true;
        },
        cancellationToken);

    /// <summary>Writes a value, replacing a file of that name.</summary>
    public Task WriteAsync<T>(string batchId, string name, T value, JsonTypeInfo<T> type) =>
        WriteAsync(Path.Combine(root, batchId, name), stream => CheckedContent.WriteJsonAsync(stream, value, type));

    /// <summary>
    /// Writes a file. The folders of a batch's first run are made before the batch; those of a later run are made with their first file.
    /// </summary>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        DurableFile.MakeFolder(Path.GetDirectoryName(path)!);
        await DurableFile.WriteAsync(path, write, hasOtherWriters: true);
    }

    /// <summary>Reads a value.</summary>
    /// <returns>The value, or null if there is no file of that name.</returns>
    /// <exception cref="DamagedBatchException">The file exists, but its content is not what was written.</exception>
    public async ValueTask<T?> FindAsync<T>(string batchId, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return Find(Path.Combine(root, batchId, name)) is { } file
                ? await BatchRecord.ReadAsync(file, file.Length, batchId, name, type, cancellationToken)
                : null;
        }
        catch (Exception exception) when (exception is not DamagedBatchException && IsOfOneBatch(exception))
        {
            throw new DamagedBatchException(batchId, $"{name} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Opens a file.</summary>
    /// <returns>Its content, or null if there is no such file.</returns>
    public static FileStream? Find(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether an exception says that one file is missing, truncated or cannot be opened, while the folder of all files is usable.
    /// </summary>
    public bool IsOfOneBatch(Exception exception) => StorageFault.IsOfOneFile(exception, root);

    /// <summary>Deletes files of a batch, and its folder with the last of them.</summary>
    /// <param name="first">The file that is deleted first: its deletion is durable before any other file is deleted.</param>
    /// <param name="most">The maximum number of files to delete.</param>
    /// <returns>Whether there are more.</returns>
    public bool DeleteSome(string batchId, string first, int most, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(root, batchId);
        if (!Directory.Exists(folder))
        {
            return false;
        }

        string head = Path.Combine(folder, first);
        int deleted = File.Exists(head) ? 1 : 0;
        if (Directory.Exists(head))
        {
            // Not made by this store, and in the way of a file that it makes.
            Directory.Delete(head, recursive: true);
        }
        else
        {
            File.Delete(head);
        }

        DurableFile.FlushFolder(folder);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).TakeWhile(_ => deleted < most))
        {
            cancellationToken.ThrowIfCancellationRequested();
            File.Delete(file);
            deleted++;
        }

        if (Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any())
        {
            return true;
        }

        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException) when (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            // Another caller's intake is storing items there. It learns of the deletion when it ends.
            return true;
        }

        DurableFile.FlushFolder(root);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();
}
