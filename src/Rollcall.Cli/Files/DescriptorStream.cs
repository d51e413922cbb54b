using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rollcall.Streams;

namespace Rollcall.Cli.Files;

/// <summary>
/// Writes to a descriptor at the position it shares with other processes, and reports failures. A FileStream keeps its own position, and
/// the console's streams ignore a pipe without a reader.
/// </summary>
/// <param name="handle">The descriptor. It is closed if the handle owns it.</param>
/// <param name="name">Its name in error messages.</param>
sealed class DescriptorStream(SafeFileHandle handle, string name) : WriteOnlyStream
{
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            nint written = LibC.Write(handle, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == SystemErrors.Current.Again)
            {
                // Another process that shares the descriptor has set it to non-blocking.
                var entry = new LibC.PollEntry { Descriptor = (int)handle.DangerousGetHandle(), Wanted = LibC.PollOut };
                _ = LibC.Poll(ref entry, count: 1, milliseconds: -1);
            }
            else if (error != LibC.Interrupted)
            {
                throw LibC.Failure(error, name);
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // The reader of a pipe may take any time, so the wait can be cancelled. The stream is unusable after that.
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Task.Run(() => Write(buffer.Span), CancellationToken.None).WaitAsync(cancellationToken));

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            handle.Dispose();
        }

        base.Dispose(disposing);
    }
}
