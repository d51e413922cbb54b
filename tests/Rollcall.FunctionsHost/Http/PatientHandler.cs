using System.Net.Sockets;

namespace Rollcall.FunctionsHost.Http;

/// <summary>
/// Tries again while a worker's HTTP server does not listen yet, as the platform's host does: the worker takes invocations a moment before it
/// does, and one whose request never comes is waited for in vain.
/// </summary>
sealed class PatientHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    const int Tries = 50;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException exception) when (attempt < Tries && IsRefused(exception))
            {
                // Nothing of the request was read.
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    static bool IsRefused(HttpRequestException exception) =>
        exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
}
