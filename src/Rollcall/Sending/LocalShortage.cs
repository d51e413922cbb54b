using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Rollcall.Sending;

/// <summary>
/// That this machine lacks something which a connection needs: a file descriptor, a local port, memory. It says nothing of the target, so
/// no attempt is counted for it. Fewer are sent at once, which mends it mostly; where it stays, somebody has to.
/// </summary>
/// <param name="note">Told once in a sentence, when it begins.</param>
/// <param name="patience">How long nothing may get through before the sending is given up; null for any time.</param>
public sealed class LocalShortage(TimeProvider time, Action<string>? note = null, TimeSpan? patience = null)
{
    // Linux: ENOMEM has no code of its own in .NET.
    const int NoMemory = 12;

    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    // What follows a shortage within this time can be of it: a name that is not found, because the resolver could open no file.
    static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

    readonly Lock gate = new();
    DateTimeOffset since;
    DateTimeOffset last;
    volatile bool isShort;
    bool isNoted;

    /// <summary>Whether an exception tells of a shortage.</summary>
    internal static bool IsOf(SocketException exception) =>
        exception.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.AddressNotAvailable or SocketError.NoBufferSpaceAvailable
        || (!OperatingSystem.IsWindows() && exception.NativeErrorCode == NoMemory);

    /// <summary>Whether a failed request failed of a shortage, which is then noted.</summary>
    /// <param name="exception">The failure, before any answer.</param>
    /// <param name="url">Where the request was to go.</param>
    /// <returns>Whether it did.</returns>
    /// <exception cref="LocalShortageException">It did, and nothing has got through for too long.</exception>
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

    /// <summary>Notes that a request got through.</summary>
    internal void Pass() => isShort = false;

    /// <summary>How long to wait before an item is sent again that failed of a shortage.</summary>
    /// <param name="random">A random number from 0 up to 1.</param>
    internal static TimeSpan WaitAfter(double random) => FirstWait * (0.5 + random);

    // The resolver and TLS open files. What a peer did, such as a refusal, is not of this machine.
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

    // An address of a family that the machine has no address of is not connected to with the same code. That is no shortage.
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

/// <summary>This machine lacks what a connection needs, and has for too long. No item's outcome is recorded for it.</summary>
/// <param name="message">What it lacks, and what to do.</param>
public sealed class LocalShortageException(string message) : IOException(message);

/// <summary>The addresses of this machine.</summary>
static class LocalAddresses
{
    /// <summary>Whether one of IPv6 is among them that is good beyond its own link.</summary>
    public static bool HasIPv6() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Any(unicast => unicast.Address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false });
}
