namespace Rollcall.Storage;

/// <summary>
/// A catalog in a folder of the local disk: a small file for each thing, in a folder a list. The files of a list are in folders by the
/// first characters of their names, which are of about a day, and in those in folders of a quarter of an hour: a page looks through a few.
/// </summary>
/// <param name="root">The folder. It is made with the first entry.</param>
public sealed class FileBatchCatalog(string root) : BatchCatalog
{
    // Digits of a time in ticks: 28 hours, and 17 minutes.
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
                // The last file of the folder was deleted in between, and the folder with it.
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
            // There is something of the name, and nobody can tell what.
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
                // Another one has deleted it, and the folder with it.
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

    // Those whose names are not below a text, in order.
    static IEnumerable<string> PathsIn(string folder, Func<string, IEnumerable<string>> list, string from)
    {
        try
        {
            return list(folder).Where(path => string.CompareOrdinal(Path.GetFileName(path), from) >= 0).Order(StringComparer.Ordinal);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing is in the list yet, or the last of the folder was deleted since the folders were listed.
            return [];
        }
    }

    void MakeFolder(string part)
    {
        // The lock also for the look: a folder that is there but not durable yet is not one to write to.
        lock (gate)
        {
            DurableFile.MakeFolder(part);
        }
    }

    // Also a folder, which nobody but a person makes there, and which would otherwise be in the way for good.
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
            // Another file has come meanwhile, so it stays.
        }
    }

    string PathOf(string list, string name) => Path.Combine(root, list, Start(name, DayLength), Start(name, PartLength), name);

    static string Start(string name, int length) => name[..Math.Min(length, name.Length)];
}
