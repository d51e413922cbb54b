namespace Rollcall.Cli.Files;

/// <summary>
/// The numbers by which an operating system says why a file could not be read or written, as .NET has them in
/// <see cref="Exception.HResult"/>: errno(3), and on Windows its error codes as HRESULTs. .NET has no exceptions of their own for these.
/// </summary>
sealed record SystemErrors
{
    // HRESULT_FROM_WIN32.
    const int OfWindows = unchecked((int)0x80070000);

    /// <summary>Those of Linux.</summary>
    public static SystemErrors Linux { get; } = new() { NoRoom = [28, 122], Again = 11, BrokenPipe = 32 };

    /// <summary>Those of macOS, and of the BSDs.</summary>
    public static SystemErrors MacOS { get; } = new() { NoRoom = [28, 69], Again = 35, BrokenPipe = 32 };

    /// <summary>Those of Windows. A pipe whose reader has gone away is no failure of its console's streams.</summary>
    public static SystemErrors Windows { get; } = new()
    {
        NoRoom = [OfWindows | 39, OfWindows | 112, OfWindows | 1295],
        Again = OfWindows | 32,
    };

    /// <summary>Those of this machine's system.</summary>
    public static SystemErrors Current { get; } = OperatingSystem.IsWindows() ? Windows : OperatingSystem.IsLinux() ? Linux : MacOS;

    /// <summary>The device is full, or the user's quota on it.</summary>
    public required int[] NoRoom { get; init; }

    /// <summary>Somebody else has the file for itself, or it takes nothing for now.</summary>
    public required int Again { get; init; }

    /// <summary>Nobody reads the pipe any more; null where that is no failure.</summary>
    public int? BrokenPipe { get; init; }

    /// <summary>Whether a device or a quota without room is why a file could not be written.</summary>
    public bool IsNoRoom(IOException exception) => NoRoom.Contains(exception.HResult);

    /// <summary>Whether it is that another process has the file open for itself.</summary>
    public bool IsLocked(IOException exception) => exception.HResult == Again;

    /// <summary>Whether it is that the reader of a pipe has gone away.</summary>
    public bool IsReaderGone(Exception exception) => exception is IOException && exception.HResult == BrokenPipe;
}
