using Rollcall.Streams;

namespace Rollcall.Cli.Files;

/// <summary>A stream that ignores some failures of another stream's writes.</summary>
/// <param name="isDropped">Which failures are ignored.</param>
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
            // Ignored: see the summary.
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
