using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rollcall.Targets;

/// <summary>
/// An HTTP/2 server over TLS that writes its frames byte by byte, because a correct server cannot send a wrong length. It responds to every
/// request in the same way, once it has read it completely.
/// </summary>
public sealed class RawHttp2Target : IAsyncDisposable
{
    const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, WindowUpdate = 8;
    const byte EndStream = 1, EndHeaders = 4;

    readonly TcpListener listener = new(IPAddress.Loopback, port: 0);
    readonly CancellationTokenSource stopping = new();
    readonly X509Certificate2 certificate = OwnCertificate.Create();
    readonly Func<int, byte[]> response;
    readonly bool isEarly;
    readonly Task accepting;
    int requestCount;

    RawHttp2Target(Func<int, byte[]> response, bool isEarly)
    {
        this.response = response;
        this.isEarly = isEarly;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The target's address.</summary>
    public string Url => $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";

    /// <summary>The SHA-1 of the certificate in hex, to trust it and no other.</summary>
    public string CertificateHash => certificate.GetCertHashString();

    /// <summary>The number of requests responded to.</summary>
    public int RequestCount => Volatile.Read(ref requestCount);

    /// <summary>Starts a target.</summary>
    /// <param name="response">The frames of a response, given the id of its stream.</param>
    public static RawHttp2Target Start(Func<int, byte[]> response) => new(response, isEarly: false);

    /// <summary>
    /// Starts a target that responds as soon as it has a request's headers, and reads no more of the request (RFC 9113, section 8.1).
    /// </summary>
    /// <param name="response">The frames of a response, given the id of its stream.</param>
    public static RawHttp2Target StartEarly(Func<int, byte[]> response) => new(response, isEarly: true);

    /// <summary>The frame of a response's headers.</summary>
    /// <param name="stream">The id of the stream.</param>
    /// <param name="status">The status.</param>
    /// <param name="headers">The headers; each name is in lower case.</param>
    public static byte[] HeadersOf(int stream, string status, params IEnumerable<(string Name, string Value)> headers) =>
        Frame(Headers, EndHeaders, stream, [.. headers.Prepend((":status", status)).SelectMany(h => Literal(h.Item1, h.Item2))]);

    /// <summary>The last frame of a response's body.</summary>
    /// <param name="stream">The id of the stream.</param>
    /// <param name="body">The body.</param>
    public static byte[] LastDataOf(int stream, ReadOnlySpan<byte> body) => Frame(Data, EndStream, stream, body);

    /// <summary>Stops listening, closes every connection and waits until the target is idle.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        listener.Dispose();
        stopping.Dispose();
        certificate.Dispose();
    }

    static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    // RFC 7541, section 6.2.2: a literal without indexing, with lengths of up to 126 bytes.
    static byte[] Literal(string name, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        return [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)bytes.Length, .. bytes];
    }

    async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await listener.AcceptSocketAsync(stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                },
                stopping.Token);
            byte[] preface = new byte[24];
            await stream.ReadExactlyAsync(preface, stopping.Token);
            await stream.WriteAsync(Frame(Settings, 0, 0, []), stopping.Token);
            byte[] head = new byte[9];
            while (true)
            {
                await stream.ReadExactlyAsync(head, stopping.Token);
                byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
                await stream.ReadExactlyAsync(payload, stopping.Token);
                await TakeAsync(stream, head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload.Length);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or AuthenticationException)
        {
            // The client went away, or the target stops.
            return;
        }
    }

    async Task TakeAsync(SslStream stream, byte type, byte flags, int id, int length)
    {
        bool isRequest = type == Headers && isEarly || type is Headers or Data && (flags & EndStream) != 0;
        if (type == Settings && (flags & 1) == 0)
        {
            await stream.WriteAsync(Frame(Settings, 1, 0, []), stopping.Token);
        }
        else if (type == Data && length > 0)
        {
            byte[] size = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(size, length);
            await stream.WriteAsync(Frame(WindowUpdate, 0, 0, size), stopping.Token);
        }

        if (isRequest)
        {
            Interlocked.Increment(ref requestCount);
            await stream.WriteAsync((byte[])[.. response(id), .. isEarly ? Frame(Reset, 0, id, new byte[4]) : []], stopping.Token);
        }
    }
}
