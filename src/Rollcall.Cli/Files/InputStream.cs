using Rollcall.Streams;

namespace Rollcall.Cli.Files;

/// <summary>An input whose reads can be cancelled while no data arrives, and whose failures are usage errors.</summary>
/// <param name="name">Its name in error messages.</param>
sealed class InputStream(Stream inner, string name) : ReadOnlyStream(inner)
{
    /// <summary>Its length in bytes; null if that is not known, as for a pipe.</summary>
    public long? KnownLength => Below.CanSeek && Below.Length > 0 ? Below.Length : null;

    /// <summary>Goes back to the start, if the length is known.</summary>
    public void Rewind() => Below.Position = 0;

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
            // A pending read of a pipe cannot be cancelled, only abandoned.
            return await Below.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }
    }

    CliException Unreadable(Exception exception) => CliException.Usage($"{name} cannot be read: {Failures.ReasonOf(exception)}.");
}
