using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Rollcall.Sending;

/// <summary>
/// A shortage on this machine of something that a connection needs: a file descriptor, a local port, memory. It says nothing about the
/// target, so no attempt is counted for it. Fewer requests are then sent at once, which usually helps; if the shortage lasts, somebody has
/// to fix it.
/// </summary>
/// <param name="note">Called once, with a sentence, when a shortage begins.</param>
/// <param name="patience">How long no request may get through before sending is given up; null for no limit.</param>
public sealed class LocalShortage(TimeProvider time, Action<string>? note = null, TimeSpan? patience = null)
{
    // Linux: .NET has no error code for ENOMEM.
    const int NoMemory = 12;

    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    // A failure within this time after a shortage can be caused by it: for example, the resolver could not open a file to find a name.
    static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

    readonly Lock gate = new();
    DateTimeOffset since;
    DateTimeOffset last;
    volatile bool isShort;
    bool isNoted;

    /// <summary>Whether an exception indicates a shortage.</summary>
    internal static bool IsOf(SocketException exception) =>
        exception.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.AddressNotAvailable or SocketError.NoBufferSpaceAvailable
        || (!OperatingSystem.IsWindows() && exception.NativeErrorCode == NoMemory);

    /// <summary>Whether a request failed because of a shortage, which is then recorded.</summary>
    /// <param name="exception">The failure, before any response.</param>
    /// <param name="url">The URL of the request.</param>
    /// <exception cref="LocalShortageException">It did, and no request has got through for too long.</exception>
    internal bool IsReasonOf(Exception exception, Uri url)
    {
        var now = time.GetUtcNow();
        var found = Find(exception);
        bool isReason = found is not null && IsOf(found)
            ? IsLocal(found, url)
            : MayBeAftermath(exception, found) && (IsInAftermath(now) || HasNoDescriptor());
        if (!isReason)
        {
            return false;
        }

        string what = exception.GetBaseException().Message;

        lock (gate)
        {
            since = isShort ? since : now;
            (last, isShort) = (now, true);
            if (!isNoted)
            {
                isNoted = true;
                note?.Invoke(
                    $"This machine lacks what a connection needs ({what}), so fewer requests are sent at once. No attempt is counted for "
                    + "it.");
            }

            if (patience is { } limit && now - since >= limit)
            {
                throw new LocalShortageException(
                    $"This machine has lacked what a connection needs for {limit.TotalSeconds:0} s: {what}. "
                    + "Allow the process more open files (ulimit -n), or send fewer requests at once.");
            }

            return true;
        }
    }

    /// <summary>Records that a request got through.</summary>
    internal void Pass() => isShort = false;

    /// <summary>How long to wait before resending an item that failed because of a shortage.</summary>
    /// <param name="random">A random number from 0 up to 1.</param>
    internal static TimeSpan WaitAfter(double random) => FirstWait * (0.5 + random);

    // The resolver and TLS open files. What a peer did, such as a refusal, has nothing to do with this machine.
    static bool MayBeAftermath(Exception exception, SocketException? found) => exception is HttpRequestException request
        && (request.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            || (request.HttpRequestError == HttpRequestError.ConnectionError && found is null));

    bool IsInAftermath(DateTimeOffset now)
    {
        lock (gate)
        {
            return isShort && now - last < Aftermath;
        }
    }

    // Connecting to an address of a family that the machine has no address of fails with the same code, but is not a shortage.
    static bool IsLocal(SocketException exception, Uri url) =>
        exception.SocketErrorCode != SocketError.AddressNotAvailable
            || url.HostNameType != UriHostNameType.IPv6
            || LocalAddresses.HasIPv6();

    static bool HasNoDescriptor()
    {
        try
        {
            new Socket(SocketType.Stream, ProtocolType.Tcp).Dispose();
            return false;
        }
        catch (SocketException exception)
        {
            return IsOf(exception);
        }
    }

    static SocketException? Find(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is SocketException found)
            {
                return found;
            }
        }

        return null;
    }
}

/// <summary>This machine has lacked something that a connection needs for too long. No item's outcome is recorded for it.</summary>
/// <param name="message">What it lacks, and what to do.</param>
public sealed class LocalShortageException(string message) : IOException(message);

/// <summary>The addresses of this machine.</summary>
static class LocalAddresses
{
    /// <summary>Whether the machine has an IPv6 address that is valid beyond its own link.</summary>
    public static bool HasIPv6() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Any(unicast => unicast.Address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false });
}
