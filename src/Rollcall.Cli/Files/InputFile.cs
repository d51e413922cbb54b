using Rollcall.Intake;

namespace Rollcall.Cli.Files;

/// <summary>The file of payloads that a command reads.</summary>
static class InputFile
{
    /// <summary>The name of standard input.</summary>
    public const string StandardInputName = "-";

    const int StandardInputNumber = 0;

    /// <summary>Opens the input. Opening a pipe waits for its writer.</summary>
    /// <param name="name">The file, or <c>-</c>.</param>
    /// <param name="standardInput">Opens standard input, if the name is <c>-</c>.</param>
    /// <param name="stop">Ends the wait for a pipe.</param>
    /// <exception cref="CliException">It cannot be read.</exception>
    public static async Task<InputStream> OpenAsync(string name, Func<Stream> standardInput, CancellationToken stop)
    {
        if (name == StandardInputName)
        {
            return StandardStreams.IsOpen(StandardInputNumber)
                ? new InputStream(standardInput(), "Standard input")
                : throw CliException.Usage("Standard input is not open.");
        }

        if (Directory.Exists(name))
        {
            throw CliException.Usage($"'{name}' is a folder: a file of payloads is needed.");
        }

        try
        {
            // Without a buffer, whose lock a read that was abandoned would hold: closing the stream would wait for a pipe's writer.
            var stream = await Task.Run(
                () => new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0),
                CancellationToken.None).WaitAsync(stop);
            return new InputStream(stream, $"The file '{name}'");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CliException.Usage($"The file '{name}' does not exist.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The file '{name}' cannot be read: {Failures.ReasonOf(exception)}.");
        }
    }

    /// <summary>The source of items that the input is.</summary>
    /// <param name="name">The file, or <c>-</c>.</param>
    public static InputSource ToSource(string name, InputStream stream)
    {
        bool isFile = name != StandardInputName;
        return new InputSource(stream)
        {
            Name = isFile ? name : null,
            Folder = isFile ? Path.GetDirectoryName(Path.GetFullPath(name)) : Directory.GetCurrentDirectory(),
            Reopen = stream.KnownLength is null ? null : _ => Task.FromResult<Stream>(Rewound(stream)),
        };
    }

    /// <summary>The facts of the input; null if they are not known.</summary>
    public static FileFacts? Find(string name)
    {
        if (name != StandardInputName)
        {
            return FileFacts.Find(Path.GetFullPath(name));
        }

        return OperatingSystem.IsLinux() ? FileFacts.Find($"/proc/self/fd/{StandardInputNumber}") : null;
    }

    static InputStream Rewound(InputStream stream)
    {
        stream.Rewind();
        return stream;
    }
}
