using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Rollcall.Targets;

/// <summary>A server with TLS on a free port of 127.0.0.1 that may ask for client certificates: Kestrel.</summary>
public sealed class MutualTlsTarget : IAsyncDisposable
{
    readonly ConcurrentQueue<string> clients = new();
    readonly ConcurrentQueue<string> protocols = new();
    readonly ConcurrentQueue<string> connections = new();
    readonly WebApplication app;

    MutualTlsTarget(
        X509Certificate2 certificate,
        TestAuthority? clientsOf,
        bool isOptional,
        HttpProtocols protocol,
        SslProtocols version,
        RequestDelegate response)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0, listen =>
        {
            listen.Protocols = protocol;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.SslProtocols = version;
                https.ClientCertificateMode = clientsOf is null ? ClientCertificateMode.NoCertificate
                    : isOptional ? ClientCertificateMode.AllowCertificate
                    : ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (client, chain, _) => clientsOf!.HasIssued(client, chain);
            });
        }));
        app = builder.Build();
        app.Run(context =>
        {
            clients.Enqueue(context.Connection.ClientCertificate?.Subject ?? "");
            protocols.Enqueue(context.Request.Protocol);
            connections.Enqueue(context.Connection.Id);
            return response(context);
        });
    }

    /// <summary>The target's address.</summary>
    public string Url => app.Urls.Single() + "/";

    /// <summary>The port.</summary>
    public int Port => new Uri(Url).Port;

    /// <summary>The subjects of the client certificates of the requests, in order of arrival; empty for none.</summary>
    public IReadOnlyList<string> Clients => [.. clients];

    /// <summary>The protocols of the requests, in order of arrival.</summary>
    public IReadOnlyList<string> Protocols => [.. protocols];

    /// <summary>The connections of the requests, in order of arrival.</summary>
    public IReadOnlyList<string> Connections => [.. connections];

    /// <summary>Starts a target.</summary>
    /// <param name="clientsOf">Whose client certificates it requires; null if it asks for none.</param>
    /// <param name="isOptional">Whether it also responds to clients without one.</param>
    /// <param name="response">Responds to a request; null for an empty response.</param>
    public static async Task<MutualTlsTarget> StartAsync(
        X509Certificate2 certificate,
        TestAuthority? clientsOf,
        bool isOptional = false,
        HttpProtocols protocol = HttpProtocols.Http1AndHttp2,
        SslProtocols version = SslProtocols.None,
        RequestDelegate? response = null)
    {
        var target = new MutualTlsTarget(certificate, clientsOf, isOptional, protocol, version, response ?? (_ => Task.CompletedTask));
        await target.app.StartAsync();
        return target;
    }

    /// <summary>Stops the target.</summary>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
