namespace Rollcall.Storage;

/// <summary>
/// A catalog in a folder of the local disk: a small file for each thing, in a folder a list. The files of a list are in folders by the
/// first eight characters of their names, which of a time are 2.8 hours, so that a page need not look through all of them.
/// </summary>
/// <param name="root">The folder. It is made with the first entry.</param>
public sealed class FileBatchCatalog(string root) : BatchCatalog
{
    const int PartLength = 8;
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
                await DurableFile.WriteAsync(path, stream => stream.WriteAsync(content, cancellationToken).AsTask());
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
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(string list, string name, CancellationToken cancellationToken)
    {
        string path = PathOf(list, name);
        string part = Path.GetDirectoryName(path)!;
        lock (gate)
        {
            if (File.Exists(path))
            {
                File.Delete(path);
                DurableFile.FlushFolder(part);
                DeleteIfEmpty(part);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task<IReadOnlyList<string>> ListAsync(string list, string from, int most, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(root, list);
        var names = new List<string>();
        if (Directory.Exists(folder))
        {
            string firstPart = PartOf(from);
            var parts = Directory.EnumerateDirectories(folder).Select(NameOf).Where(part => string.CompareOrdinal(part, firstPart) >= 0);
            foreach (string part in parts.Order(StringComparer.Ordinal).TakeWhile(_ => names.Count < most))
            {
                cancellationToken.ThrowIfCancellationRequested();
                names.AddRange(NamesIn(Path.Combine(folder, part), from).Order(StringComparer.Ordinal).Take(most - names.Count));
            }
        }

        return Task.FromResult<IReadOnlyList<string>>(names);
    }

    static IEnumerable<string> NamesIn(string part, string from)
    {
        try
        {
            return Directory.EnumerateFiles(part)
                .Select(NameOf)
                .Where(name => string.CompareOrdinal(name, from) >= 0 && !name.EndsWith(Temporary, StringComparison.Ordinal));
        }
        catch (DirectoryNotFoundException)
        {
            // Its last file was deleted since the folders were listed.
            return [];
        }
    }

    void MakeFolder(string part)
    {
        if (Directory.Exists(part))
        {
            return;
        }

        lock (gate)
        {
            Directory.CreateDirectory(part);
            DurableFile.FlushFolder(Path.GetDirectoryName(part)!);
            DurableFile.FlushFolder(root);
        }
    }

    static void DeleteIfEmpty(string part)
    {
        if (Directory.EnumerateFileSystemEntries(part).Any())
        {
            return;
        }

        try
        {
            Directory.Delete(part);
        }
        catch (IOException) when (Directory.Exists(part))
        {
            // Another file has come meanwhile, so it stays.
        }
    }

    string PathOf(string list, string name) => Path.Combine(root, list, PartOf(name), name);

    static string PartOf(string name) => name[..Math.Min(PartLength, name.Length)];

    static string NameOf(string path) => Path.GetFileName(path);
}
