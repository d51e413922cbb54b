using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollcall.Streams;

namespace Rollcall.Api.Requests;

/// <summary>
/// A request's body whose sender must go on sending: in each minute that is spent on waiting for it, a kilobyte or the end must come.
/// However long a body is, it may take as long as it likes at that pace; one that is not sent any more does not keep its connection and its
/// place.
/// </summary>
sealed class PacedBody(Stream body, TimeProvider time) : ReadOnlyStream(body)
{
    /// <summary>How long a sender may take for <see cref="LeastBytes"/>.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>How many bytes must come within <see cref="Limit"/>.</summary>
    public const int LeastBytes = 1024;

    TimeSpan left = Limit;
    int received;

    /// <inheritdoc/>
    /// <exception cref="BadHttpRequestException">Too little came in too long a time: 408.</exception>
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

    // The time in which the reader is busy with what came is not the sender's.
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
