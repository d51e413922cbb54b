using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>The way to a storage account that is further away: whatever is sent there takes a while.</summary>
sealed partial class SlowStorage : IAsyncDisposable
{
    readonly CancellationTokenSource end = new();
    readonly List<TcpListener> listeners = [];
    readonly TimeSpan latency;

    /// <summary>Opens the way.</summary>
    /// <param name="connectionString">The account.</param>
    /// <param name="latency">How long it takes.</param>
    public SlowStorage(string connectionString, TimeSpan latency)
    {
        this.latency = latency;
        ConnectionString = Address().Replace(
            connectionString,
            match => $"http://127.0.0.1:{Listen(int.Parse(match.Groups["port"].ValueSpan, provider: null))}/");
    }

    /// <summary>The account at the end of the way.</summary>
    public string ConnectionString { get; }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listeners.ForEach(listener => listener.Dispose());
        end.Dispose();
    }

    int Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        listeners.Add(listener);
        _ = AcceptAsync(listener, port);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    async Task AcceptAsync(TcpListener listener, int port)
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptTcpClientAsync(end.Token), port);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The way is closed.
        }
    }

    async Task RelayAsync(TcpClient client, int port)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, port, end.Token);
                await Task.WhenAny(
                    CopyAsync(client.GetStream(), server.GetStream(), latency),
                    CopyAsync(server.GetStream(), client.GetStream(), TimeSpan.Zero));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // One of the two ends is gone, and the other one is told by the end of the connection.
            }
        }
    }

    async Task CopyAsync(NetworkStream from, NetworkStream to, TimeSpan delay)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await from.ReadAsync(buffer, end.Token) is var length and > 0)
            {
                await Task.Delay(delay, end.Token);
                await to.WriteAsync(buffer.AsMemory(0, length), end.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // As above.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:(?<port>\d+)/")]
    private static partial Regex Address();
}
