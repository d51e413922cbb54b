using Rollcall.Streams;

namespace Rollcall.Cli.Files;

/// <summary>A stream that goes on where a write of another one fails.</summary>
/// <param name="isDropped">Which failures are passed over.</param>
sealed class LossyStream(Stream inner, Func<Exception, bool> isDropped) : WriteOnlyStream
{
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (IOException exception) when (isDropped(exception))
        {
            // As said above.
        }
    }

    public override void Flush() => inner.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
