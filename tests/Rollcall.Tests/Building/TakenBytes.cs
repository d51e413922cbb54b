using System.Net.Sockets;
using Rollcall.Sending;
using Rollcall.Targets;

namespace Rollcall.Tests.Building;

/// <summary>Sends to a sender, and waits until it has read what was sent and asks for more.</summary>
sealed class TakenBytes : IDisposable
{
    readonly SemaphoreSlim taken = new(0);

    public void Dispose() => taken.Dispose();

    /// <summary>The handler of the sender's client.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        var handler = SenderHttp.CreateHandler();
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new Taker(socket, taken);
        };
        return handler;
    }

    public async Task SendAsync(Connection connection, string text)
    {
        await connection.SendAsync(text);
        for (int i = 0; i < text.Length; i++)
        {
            await taken.WaitAsync(connection.Stopping);
        }
    }

    sealed class Taker(Socket socket, SemaphoreSlim taken) : NetworkStream(socket, ownsSocket: true)
    {
        int last;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (last > 0)
            {
                taken.Release(last);
                last = 0;
            }

            return last = await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
