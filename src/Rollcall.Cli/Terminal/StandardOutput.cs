using Rollcall.Cli.Files;

namespace Rollcall.Cli.Terminal;

/// <summary>Standard output that fails when its reader has gone away.</summary>
static class StandardOutput
{
    const int Descriptor = 1;

    /// <summary>Opens it.</summary>
    /// <returns>A stream without a buffer.</returns>
    public static Stream Open() => StandardStreams.Open(Descriptor);

    /// <summary>Writes a line for people, whatever is in the text.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteLine(string text) => Console.Out.WriteLine(PlainText.Of(text));

    /// <summary>Whether a failure is that the reader has gone away.</summary>
    public static bool IsReaderGone(Exception exception) => SystemErrors.Current.IsReaderGone(exception);
}
