namespace Rollcall.Cli.Files;

/// <summary>
/// The operating system's error numbers for failed reads and writes, as .NET has them in <see cref="Exception.HResult"/>: errno(3), and on
/// Windows error codes as HRESULTs. .NET has no separate exceptions for these.
/// </summary>
sealed record SystemErrors
{
    // HRESULT_FROM_WIN32.
    const int OfWindows = unchecked((int)0x80070000);

    /// <summary>The numbers of Linux.</summary>
    public static SystemErrors Linux { get; } = new() { NoRoom = [28, 122], Again = 11, BrokenPipe = 32 };

    /// <summary>The numbers of macOS and the BSDs.</summary>
    public static SystemErrors MacOS { get; } = new() { NoRoom = [28, 69], Again = 35, BrokenPipe = 32 };

    /// <summary>The numbers of Windows, whose console streams do not report a pipe without a reader.</summary>
    public static SystemErrors Windows { get; } = new()
    {
        NoRoom = [OfWindows | 39, OfWindows | 112, OfWindows | 1295],
        Again = OfWindows | 32,
    };

    /// <summary>The numbers of this machine's system.</summary>
    public static SystemErrors Current { get; } = (OperatingSystem.IsWindows(), OperatingSystem.IsLinux()) switch
    {
        (true, _) => Windows,
        (_, true) => Linux,
        _ => MacOS,
    };

    /// <summary>The device or the user's quota on it is full.</summary>
    public required int[] NoRoom { get; init; }

    /// <summary>Another process has the file open exclusively, or the descriptor cannot be written to now.</summary>
    public required int Again { get; init; }

    /// <summary>The pipe has no reader any more; null if that is not reported.</summary>
    public int? BrokenPipe { get; init; }

    /// <summary>Whether the device or a quota is full.</summary>
    public bool IsNoRoom(IOException exception) => NoRoom.Contains(exception.HResult);

    /// <summary>Whether another process has the file open exclusively.</summary>
    public bool IsLocked(IOException exception) => exception.HResult == Again;

    /// <summary>Whether the reader of the pipe has closed it.</summary>
    public bool IsReaderGone(Exception exception) => exception is IOException && exception.HResult == BrokenPipe;
}
