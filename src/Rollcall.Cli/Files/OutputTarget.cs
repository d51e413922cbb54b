using Microsoft.Win32.SafeHandles;
using Rollcall.Storage;

namespace Rollcall.Cli.Files;

/// <summary>
/// Where a command writes what the user asked for. A file is there whole or not at all, and replaces only what was there when the command
/// began; a pipe, a device or a descriptor is written straight to.
/// </summary>
sealed class OutputTarget
{
    /// <summary>The name of standard output.</summary>
    public const string StandardOutputName = "-";

    const int StandardOutputNumber = 1;
    const int StandardErrorNumber = 2;

    const UnixFileMode AnyAccess = (UnixFileMode)0b111_111_111;

    readonly int? descriptor;

    OutputTarget(string name, RealPath path, FileFacts? before)
    {
        Name = name;
        descriptor = path.Descriptor;
        Path = IsStandardOutput ? StandardOutputName : path.Path;
        Before = before;
    }

    /// <summary>As the user gave it.</summary>
    public string Name { get; }

    /// <summary>The full path, through links; <c>-</c> for standard output.</summary>
    public string Path { get; }

    /// <summary>What was there when the command began; null where nothing was.</summary>
    public FileFacts? Before { get; }

    /// <summary>Whether it gets a file, rather than bytes one after the other.</summary>
    public bool IsFile => descriptor is null && Before is null or { Kind: FileKind.Regular };

    /// <summary>Whether it is this process's standard output.</summary>
    public bool IsStandardOutput => descriptor == StandardOutputNumber;

    /// <summary>Whether it is this process's standard error.</summary>
    public bool IsStandardError => descriptor == StandardErrorNumber;

    /// <summary>Finds out where a name leads, and that it can be written.</summary>
    /// <param name="name">As the user gave it; <c>-</c> is standard output.</param>
    /// <exception cref="CliException">It cannot.</exception>
    public static OutputTarget Open(string name)
    {
        if (name == StandardOutputName)
        {
            return OfDescriptor(name, StandardOutputNumber);
        }

        if (System.IO.Path.EndsInDirectorySeparator(name))
        {
            throw IsFolder(name);
        }

        try
        {
            var path = RealPath.Of(name);
            if (path.Descriptor is { } number)
            {
                return OfDescriptor(name, number);
            }

            var target = new OutputTarget(name, path, FileFacts.Find(path.Path));
            target.RequireWritable();
            return target;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The output '{name}' cannot be written: {Failures.ReasonOf(exception)}.");
        }
    }

    /// <summary>Writes it.</summary>
    /// <param name="write">Writes the content.</param>
    /// <param name="advice">A sentence, after a space: what the user can do where the file was changed meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait for whoever reads a pipe. A file is written to its end.</param>
    /// <returns>A task that ends when a file is durable, or all is handed over.</returns>
    /// <exception cref="CliException">Something else has come in its place.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task WriteAsync(Func<Stream, Task> write, string advice, CancellationToken cancellationToken)
    {
        if (!IsFile)
        {
            await using var stream = descriptor is { } number
                ? StandardStreams.Open(number)
                : await OpenStreamAsync(advice, cancellationToken);
            await write(stream);
            return;
        }

        string folder = System.IO.Path.GetDirectoryName(Path)!;
        await using var temporary = TemporaryFile.Create(folder);
        await write(temporary.Stream);
        await temporary.Stream.FlushAsync(CancellationToken.None);
        SetAccess(temporary.Stream);
        RandomAccess.FlushToDisk(temporary.Stream.SafeFileHandle);
        PutInPlace(temporary, advice);
        DurableFile.FlushFolder(folder);
    }

    static OutputTarget OfDescriptor(string name, int number)
    {
        string path = OperatingSystem.IsLinux() ? $"/proc/self/fd/{number}" : $"/dev/fd/{number}";
        return StandardStreams.IsOpen(number)
            ? new OutputTarget(name, new RealPath(path, number), OperatingSystem.IsWindows() ? null : FileFacts.Find(path))
            : throw CliException.Usage($"The output '{name}' is not open.");
    }

    static CliException IsFolder(string name) => CliException.Usage($"The output '{name}' is a folder. Name a file with --out.");

    void RequireWritable()
    {
        switch (Before?.Kind)
        {
            case FileKind.Folder:
                throw IsFolder(Name);
            case FileKind.Other:
                throw CliException.Usage($"The output '{Name}' is a disk or a socket. Name a file with --out.");
            case FileKind.Stream:
                return;
            case FileKind.Regular:
                // One that is protected is not replaced, though the folder would allow it.
                File.OpenHandle(Path, FileMode.Open, FileAccess.Write, FileShare.None).Dispose();
                break;
        }

        string folder = System.IO.Path.GetDirectoryName(Path)!;
        try
        {
            TemporaryFile.Create(folder).DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The folder '{folder}' cannot be written: {Failures.ReasonOf(exception)}.");
        }
    }

    async Task<Stream> OpenStreamAsync(string advice, CancellationToken cancellationToken)
    {
        if (FileFacts.Find(Path)?.Kind != FileKind.Stream)
        {
            throw Changed(advice);
        }

        // A pipe is opened when somebody reads it.
        var handle = await Task.Run(
            () => File.OpenHandle(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite),
            CancellationToken.None).WaitAsync(cancellationToken);
        return new DescriptorStream(handle, Name);
    }

    void SetAccess(FileStream stream)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (Before is not null && Environment.IsPrivilegedProcess && FileFacts.FindOwner(Path) is { } owner)
        {
            // It fails where root may not either, as on some network disks; the content is right all the same.
            _ = LibC.ChangeOwner(stream.SafeFileHandle, owner.User, owner.Group);
        }

        File.SetUnixFileMode(stream.SafeFileHandle, Before is null ? UserMask.File : File.GetUnixFileMode(Path) & AnyAccess);
    }

    void PutInPlace(TemporaryFile temporary, string advice)
    {
        if (Before is null)
        {
            if (!temporary.TryName(Path))
            {
                throw Changed(advice);
            }

            return;
        }

        // Held, so that of two commands that replace one file the second sees that the first did.
        using var held = OpenBefore(advice);
        if (FileFacts.Find(Path) != Before)
        {
            throw Changed(advice);
        }

        temporary.Replace(Path);
    }

    SafeFileHandle OpenBefore(string advice)
    {
        try
        {
            return File.OpenHandle(Path, FileMode.Open, FileAccess.Write, FileShare.None);
        }
        catch (Exception exception) when (exception is FileNotFoundException
            || (exception is IOException failure && SystemErrors.Current.IsLocked(failure)))
        {
            throw Changed(advice);
        }
    }

    CliException Changed(string advice) => CliException.NotFinished(Before is null
        ? $"Something else has made the output '{Name}' meanwhile, and it is not replaced.{advice}"
        : $"Something else has changed the output '{Name}' meanwhile, and it is not replaced.{advice}");
}
