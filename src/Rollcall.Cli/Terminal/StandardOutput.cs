using Rollcall.Cli.Files;

namespace Rollcall.Cli.Terminal;

/// <summary>Standard output that fails when its reader has closed it.</summary>
static class StandardOutput
{
    const int Descriptor = 1;

    /// <summary>Opens standard output.</summary>
    /// <returns>An unbuffered stream.</returns>
    public static Stream Open() => StandardStreams.Open(Descriptor);

    /// <summary>Writes a line for people, safe for a terminal.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteLine(string text) => Console.Out.WriteLine(PlainText.Of(text));

    /// <summary>Whether the reader has closed standard output.</summary>
    public static bool IsReaderGone(Exception exception) => SystemErrors.Current.IsReaderGone(exception);
}
