using Rollcall.Streams;

namespace Rollcall.Cli.Files;

/// <summary>An input whose reading can be given up while nothing comes, and whose failure is one of the command line's usage.</summary>
/// <param name="name">What a failure calls it.</param>
sealed class InputStream(Stream inner, string name) : ReadOnlyStream(inner)
{
    /// <summary>How many bytes it has from the start on; null where that is not known, as of a pipe.</summary>
    public long? KnownLength => Below.CanSeek && Below.Length > 0 ? Below.Length : null;

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return Below.Read(buffer, offset, count);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            // A read of a pipe that nobody writes to cannot be cancelled, only left behind.
            return await Below.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }
    }

    CliException Unreadable(Exception exception) => CliException.Usage($"{name} cannot be read: {Failures.ReasonOf(exception)}.");
}
