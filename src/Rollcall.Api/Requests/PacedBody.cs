using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollcall.Streams;

namespace Rollcall.Api.Requests;

/// <summary>
/// A request's body with a minimum pace: in each minute spent waiting for it, a kilobyte or the end must arrive. At that pace, a body may
/// take as long as it needs, however long it is; a body that stops arriving does not keep its connection and its place.
/// </summary>
sealed class PacedBody(Stream body, TimeProvider time) : ReadOnlyStream(body)
{
    /// <summary>The time in which <see cref="LeastBytes"/> must arrive.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>The number of bytes that must arrive within <see cref="Limit"/>.</summary>
    public const int LeastBytes = 1024;

    TimeSpan left = Limit;
    int received;

    /// <inheritdoc/>
    /// <exception cref="BadHttpRequestException">The body arrives too slowly: 408.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        long started = time.GetTimestamp();
        int read;
        try
        {
            read = await Below.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            string seconds = Limit.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            throw new BadHttpRequestException(
                $"The request's body came too slowly: at least {LeastBytes} bytes are needed in {seconds} seconds. Nothing was started "
                + "or changed. Send it again.",
                StatusCodes.Status408RequestTimeout);
        }

        Count(read, time.GetElapsedTime(started));
        return read;
    }

    // Time that the reader spends on bytes that have arrived does not count.
    void Count(int read, TimeSpan waited)
    {
        received += read;
        left = waited < left ? left - waited : TimeSpan.Zero;
        if (received >= LeastBytes)
        {
            (received, left) = (0, Limit);
        }
    }
}
