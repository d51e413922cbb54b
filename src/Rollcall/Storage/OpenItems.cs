namespace Rollcall.Storage;

/// <summary>
/// The open items files: the most recently read ones, up to a fixed number, so that a process can have any number of batches with a fixed
/// number of file descriptors.
/// </summary>
sealed class OpenItems : IDisposable
{
    // Two descriptors each. Reading from more batches at once is rare, and then costs two opens per read.
    const int Most = 32;

    readonly Lock gate = new();
    readonly Dictionary<string, (ItemsFile File, long ReadAt)> open = new(StringComparer.Ordinal);
    long reads;
    bool isDisposed;

    /// <summary>Reads from a set of items.</summary>
    /// <param name="name">The name of the set.</param>
    /// <param name="read">Reads from the open files.</param>
    public T Read<T>(string folder, string name, Func<ItemsFile, T> read)
    {
        while (true)
        {
            try
            {
                return read(Get(folder, name));
            }
            catch (ObjectDisposedException) when (!isDisposed)
            {
                // It was closed to make room for another one between the two calls.
            }
        }
    }

    /// <summary>Closes the items files of a folder.</summary>
    public void Close(string folder)
    {
        lock (gate)
        {
            foreach (string key in open.Keys.Where(key => Path.GetDirectoryName(key) == folder).ToList())
            {
                Close(key, open[key].File);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            foreach (var (key, (file, _)) in open.ToList())
            {
                Close(key, file);
            }
        }
    }

    ItemsFile Get(string folder, string name)
    {
        string key = Path.Combine(folder, name);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (!open.TryGetValue(key, out var known))
            {
                known.File = new ItemsFile(folder, name);
                if (open.Count == Most)
                {
                    var (oldest, (file, _)) = open.MinBy(entry => entry.Value.ReadAt);
                    Close(oldest, file);
                }
            }

            open[key] = (known.File, ++reads);
            return known.File;
        }
    }

    void Close(string key, ItemsFile file)
    {
        open.Remove(key);
        file.Dispose();
    }
}
