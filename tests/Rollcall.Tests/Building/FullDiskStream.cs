namespace Rollcall.Tests.Building;

/// <summary>A file on a full disk.</summary>
sealed class FullDiskStream : MemoryStream
{
    public const string Message = "No space left on device";

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new IOException(Message);
}
