using Microsoft.Win32.SafeHandles;
using Rollcall.Storage;

namespace Rollcall.Cli.Files;

/// <summary>
/// Where a command writes what the user asked for. A file is written completely or not at all, and replaces only what was there when the
/// command began; a pipe, a device or a descriptor is written to directly.
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

    /// <summary>The name as the user gave it.</summary>
    public string Name { get; }

    /// <summary>The full path after following links; <c>-</c> for standard output.</summary>
    public string Path { get; }

    /// <summary>What was there when the command began; null if nothing was.</summary>
    public FileFacts? Before { get; }

    /// <summary>Whether it is a file, not a stream.</summary>
    public bool IsFile => descriptor is null && Before is null or { Kind: FileKind.Regular };

    /// <summary>Whether it is this process's standard output.</summary>
    public bool IsStandardOutput => descriptor == StandardOutputNumber;

    /// <summary>Whether it is this process's standard error.</summary>
    public bool IsStandardError => descriptor == StandardErrorNumber;

    /// <summary>Resolves a name, and checks that it can be written to.</summary>
    /// <param name="name">The name as the user gave it; <c>-</c> is standard output.</param>
    /// <exception cref="CliException">It cannot be written to.</exception>
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

    /// <summary>Writes the output.</summary>
    /// <param name="write">Writes the content.</param>
    /// <param name="advice">A space and a sentence: what the user can do if the file was changed in the meantime.</param>
    /// <param name="cancellationToken">Ends the wait for the reader of a pipe. A file is written to its end.</param>
    /// <returns>A task that ends when a file is durable, or everything is written to a stream.</returns>
    /// <exception cref="CliException">Something else created or changed the output.</exception>
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
        if (!StandardStreams.IsOpen(number))
        {
            throw CliException.Usage($"The output '{name}' is not open.");
        }

        return new OutputTarget(name, new RealPath(path, number), OperatingSystem.IsWindows() ? null : FileFacts.Find(path));
    }

    static CliException IsFolder(string name) => CliException.Usage($"The output '{name}' is a folder. Give a file with --out.");

    void RequireWritable()
    {
        switch (Before?.Kind)
        {
            case FileKind.Folder:
                throw IsFolder(Name);
            case FileKind.Other:
                throw CliException.Usage($"The output '{Name}' is a disk or a socket. Give a file with --out.");
            case FileKind.Stream:
                return;
            case FileKind.Regular:
                // A write-protected file is not replaced, even if the folder would allow it.
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

        // Opening a pipe waits for its reader.
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
            // It fails if even root may not do it, as on some network disks. The content is correct all the same.
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

        // Held open, so that if two commands replace the same file, the second notices.
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
        ? $"Something else created the output '{Name}' in the meantime; it was not replaced.{advice}"
        : $"Something else changed the output '{Name}' in the meantime; it was not replaced.{advice}");
}
