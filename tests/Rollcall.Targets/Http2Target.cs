using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Rollcall.Targets;

/// <summary>An HTTP/2 server with TLS on a free port of 127.0.0.1: Kestrel, which negotiates the protocol with the client (ALPN).</summary>
public sealed class Http2Target : IAsyncDisposable
{
    readonly X509Certificate2 certificate = OwnCertificate.Create();
    readonly ConcurrentQueue<string> protocols = new();
    readonly ConcurrentDictionary<string, bool> connections = new();
    readonly WebApplication app;

    Http2Target(RequestDelegate response)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port: 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate);
        }));
        app = builder.Build();
        app.Run(context =>
        {
            protocols.Enqueue(context.Request.Protocol);
            connections.TryAdd(context.Connection.Id, true);
            return response(context);
        });
    }

    /// <summary>The target's address.</summary>
    public string Url => app.Urls.Single() + "/";

    /// <summary>The SHA-1 of the certificate in hex, to trust it and no other.</summary>
    public string CertificateHash => certificate.GetCertHashString();

    /// <summary>The protocols of the requests, in order of arrival.</summary>
    public IReadOnlyList<string> Protocols => [.. protocols];

    /// <summary>The number of connections that the requests came on.</summary>
    public int ConnectionCount => connections.Count;

    /// <summary>Starts a target.</summary>
    /// <param name="response">Responds to a request.</param>
    public static async Task<Http2Target> StartAsync(RequestDelegate response)
    {
        var target = new Http2Target(response);
        await target.app.StartAsync();
        return target;
    }

    /// <summary>Stops the target.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
    }
}
