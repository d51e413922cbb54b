using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>
/// A copy of an input that can be read only once, in a temporary file that nobody else can read. It has no name after it is created, where
/// the operating system allows that, so that it goes with the process.
/// </summary>
sealed class InputCopy : IAsyncDisposable
{
    const int BufferSize = 128 * 1024;

    readonly FileStream file;

    InputCopy(FileStream file) => this.file = file;

    /// <summary>Copies an input.</summary>
    /// <param name="maxBytes">The maximum length; null for no limit.</param>
    /// <exception cref="InvalidInputException">It is longer.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task<InputCopy> CreateAsync(Stream input, long? maxBytes, CancellationToken cancellationToken)
    {
        var copy = new InputCopy(Create());
        try
        {
            byte[] buffer = new byte[BufferSize];
            int read;
            while ((read = await input.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (copy.file.Length + read > maxBytes)
                {
                    throw InvalidInputException.OfAll(
                        $"is longer than {maxBytes} bytes, which is the most that is read twice to find the types of its columns. Have all "
                        + "values be strings (--csv-types string, csvTypes=string), or send it in parts, as rollcall submit does.");
                }

                await copy.file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    /// <summary>The copy from its start. It is closed with this object.</summary>
    public Stream Open()
    {
        file.Position = 0;
        return file;
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    static FileStream Create()
    {
        string path = Path.Combine(Path.GetTempPath(), $".rollcall-{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path);
        return file;
    }
}
