using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>Both hosts, each started with the first test that asks for it.</summary>
public sealed class LifeHosts : IAsyncDisposable
{
    // The value is that of the specification's example.
    static readonly Dictionary<string, string> Settings = new()
    {
        ["Rollcall__WebhookKeys__HOOK"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ["Rollcall__WebhookKeys__HOOK__Origins"] = "*",
        ["Rollcall__Secrets__CLIENT"] = TokenServer.Secret,
        ["Rollcall__Secrets__CLIENT__Origins"] = "*",
    };

    readonly Dictionary<HostKind, ILifeHost> started = [];

    /// <summary>A running host.</summary>
    public async Task<ILifeHost> GetAsync(HostKind kind)
    {
        if (!started.TryGetValue(kind, out var host))
        {
            host = kind == HostKind.Serve ? await ServeLifeHost.StartAsync(Settings) : await FunctionAppLifeHost.StartAsync(Settings);
            started.Add(kind, host);
        }

        return host;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var host in started.Values)
        {
            await host.DisposeAsync();
        }
    }
}
