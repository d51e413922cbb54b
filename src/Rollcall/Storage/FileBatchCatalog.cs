namespace Rollcall.Storage;

/// <summary>
/// A catalog in a folder of the local disk: one small file per entry, one folder per list. Within a list, files are in folders by the first
/// characters of their names: one level covers about a day, the next about a quarter of an hour, so that a page reads only a few folders.
/// </summary>
/// <param name="root">The folder. It is made with the first entry.</param>
public sealed class FileBatchCatalog(string root) : BatchCatalog
{
    // Leading digits of a time in ticks: 28 hours, and 17 minutes.
    const int DayLength = 7;
    const int PartLength = 9;
    const string Temporary = ".tmp";

    readonly Lock gate = new();

    /// <inheritdoc/>
    protected override async Task WriteAsync(string list, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string path = PathOf(list, name);
        string part = Path.GetDirectoryName(path)!;
        while (true)
        {
            MakeFolder(part);
            try
            {
                await DurableFile.WriteAsync(path, stream => stream.WriteAsync(content, cancellationToken).AsTask(), hasOtherWriters: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                // The folder's last file was deleted in the meantime, and the folder with it.
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task<byte[]?> FindAsync(string list, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(list, name), cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (StorageFault.IsOfOneFile(exception, root))
        {
            // Something has this name, but its content cannot be read.
            return [];
        }
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(string list, string name, CancellationToken cancellationToken)
    {
        string path = PathOf(list, name);
        string part = Path.GetDirectoryName(path)!;
        lock (gate)
        {
            try
            {
                if (Path.Exists(path))
                {
                    Delete(path);
                    DurableFile.FlushFolder(part);
                    DeleteIfEmpty(part);
                    DeleteIfEmpty(Path.GetDirectoryName(part)!);
                }
            }
            catch (DirectoryNotFoundException)
            {
                // Somebody else has deleted it, and the folder with it.
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task<IReadOnlyList<string>> ListAsync(string list, string from, int most, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var parts = PathsIn(Path.Combine(root, list), Directory.EnumerateDirectories, Start(from, DayLength))
            .SelectMany(day => PathsIn(day, Directory.EnumerateDirectories, Start(from, PartLength)));
        foreach (string part in parts.TakeWhile(_ => names.Count < most))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var files = PathsIn(part, Directory.EnumerateFiles, from).Where(path => !path.EndsWith(Temporary, StringComparison.Ordinal));
            names.AddRange(files.Take(most - names.Count).Select(path => Path.GetFileName(path)));
        }

        return Task.FromResult<IReadOnlyList<string>>(names);
    }

    // Those whose names are not below a given text, in order.
    static IEnumerable<string> PathsIn(string folder, Func<string, IEnumerable<string>> list, string from)
    {
        try
        {
            return list(folder).Where(path => string.CompareOrdinal(Path.GetFileName(path), from) >= 0).Order(StringComparer.Ordinal);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing is in the list yet, or the folder's last file was deleted since the folders were listed.
            return [];
        }
    }

    void MakeFolder(string part)
    {
        // The lock also covers the check: a folder that exists but is not durable yet must not be written to.
        lock (gate)
        {
            DurableFile.MakeFolder(part);
        }
    }

    // Also deletes a folder of this name, which only a person can have made and which would otherwise stay in the way forever.
    static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    static void DeleteIfEmpty(string part)
    {
        try
        {
            if (!Directory.EnumerateFileSystemEntries(part).Any())
            {
                Directory.Delete(part);
            }
        }
        catch (IOException exception) when (exception is not DirectoryNotFoundException && Directory.Exists(part))
        {
            // Another file was added in the meantime, so the folder stays.
        }
    }

    string PathOf(string list, string name) => Path.Combine(root, list, Start(name, DayLength), Start(name, PartLength), name);

    static string Start(string name, int length) => name[..Math.Min(length, name.Length)];
}
