using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Rollcall.Targets;

/// <summary>
/// An HTTP/1.1 server on a free port of 127.0.0.1, written on sockets, because a correct server cannot be told to break off. It records
/// every request, and responds as its <see cref="Behaviour"/> says.
/// </summary>
public sealed class Target : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, port: 0);
    readonly CancellationTokenSource stopping = new();
    readonly ConcurrentQueue<ReceivedRequest> requests = new();
    readonly ConcurrentDictionary<Task, bool> connections = new();
    readonly TaskCompletionSource firstRequest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Behaviour behaviour;
    int connectionCount;
    readonly X509Certificate2? certificate;
    readonly IReadOnlyList<HandshakeFault> faults;
    readonly bool isEarly;
    readonly Task accepting;

    Target(Behaviour behaviour, X509Certificate2? certificate, bool isEarly = false, params IReadOnlyList<HandshakeFault> faults)
    {
        this.isEarly = isEarly;
        this.faults = faults;
        this.behaviour = behaviour;
        this.certificate = certificate;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The target's address.</summary>
    public string Url => $"{(certificate is null ? "http" : "https")}://127.0.0.1:{Port}/";

    /// <summary>The SHA-1 of the certificate in hex, to trust it and no other; null without TLS.</summary>
    public string? CertificateHash => certificate?.GetCertHashString();

    /// <summary>The requests that were read completely, in order of arrival.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. requests];

    /// <summary>The number of connections made.</summary>
    public int ConnectionCount => Volatile.Read(ref connectionCount);

    /// <summary>Completes when the first request was read.</summary>
    public Task FirstRequest => firstRequest.Task;

    /// <summary>Starts a target that does the same with every request.</summary>
    public static Target Start(Behaviour behaviour) => new(behaviour, certificate: null);

    /// <summary>Starts a target that uses the next behaviour for each request, and the last one from then on.</summary>
    public static Target StartSequence(params IReadOnlyList<Behaviour> behaviours)
    {
        int next = 0;
        return Start(
            (request, connection) => behaviours[Math.Min(Interlocked.Increment(ref next), behaviours.Count) - 1](request, connection));
    }

    /// <summary>
    /// Starts a target that responds to a request with <c>Expect: 100-continue</c> before its payload, and reads no other one on that
    /// connection.
    /// </summary>
    public static Target StartEarly(Behaviour behaviour) => new(behaviour, certificate: null, isEarly: true);

    /// <summary>Starts a target with TLS and a certificate that nobody trusts.</summary>
    public static Target StartTls(Behaviour behaviour) => new(behaviour, OwnCertificate.Create());

    /// <summary>Starts a target with TLS whose first connections fail in the handshake.</summary>
    /// <param name="behaviour">What it does with the requests on the others.</param>
    /// <param name="faults">The faults of the first connections, in order.</param>
    public static Target StartTls(Behaviour behaviour, params IReadOnlyList<HandshakeFault> faults) =>
        new(behaviour, OwnCertificate.Create(), faults: faults);

    /// <summary>Stops listening, closes every connection and waits until the target is idle.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(connections.Keys);
        listener.Dispose();
        stopping.Dispose();
        certificate?.Dispose();
    }

    async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                int number = Interlocked.Increment(ref connectionCount);
                connections.TryAdd(number <= faults.Count ? FailAsync(socket, faults[number - 1]) : ServeAsync(socket), true);
            }
            catch (Exception exception) when (IsEndOfConnection(exception))
            {
                return;
            }
        }
    }

    async Task FailAsync(Socket socket, HandshakeFault fault)
    {
        using (socket)
        {
            try
            {
                await fault(socket, stopping.Token);
            }
            catch (Exception exception) when (IsEndOfConnection(exception))
            {
                // The client went away first, or the target is stopping.
                return;
            }
        }
    }

    async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                await using var plain = new NetworkStream(socket);
                await using var stream = await SecureAsync(plain);
                var connection = new Connection(socket, stream, stopping.Token);
                var reader = new RequestReader(stream);
                while (!connection.IsClosed && await reader.ReadAsync(isEarly, stopping.Token) is { } request)
                {
                    requests.Enqueue(request);
                    firstRequest.TrySetResult();
                    await behaviour(request, connection);
                    if (isEarly && request.Headers.ContainsKey("Expect"))
                    {
                        return;
                    }
                }
            }
            catch (Exception exception) when (IsEndOfConnection(exception))
            {
                // The client went away, the behaviour closed the connection, or the target is stopping.
                return;
            }
        }
    }

    async Task<Stream> SecureAsync(NetworkStream plain)
    {
        if (certificate is null)
        {
            return plain;
        }

        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(certificate);
        return secure;
    }

    static bool IsEndOfConnection(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException;
}
