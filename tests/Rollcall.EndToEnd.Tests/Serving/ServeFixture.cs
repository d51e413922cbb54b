using Rollcall.EndToEnd.Tests.Client;
using Rollcall.EndToEnd.Tests.Serving;

[assembly: AssemblyFixture(typeof(ServeFixture))]

namespace Rollcall.EndToEnd.Tests.Serving;

/// <summary>A server without keys and one with two, each started with the first test that asks for it.</summary>
public sealed class ServeFixture : IAsyncDisposable
{
    /// <summary>One of the keys.</summary>
    public const string Key = "first-key";

    /// <summary>The other one.</summary>
    public const string OtherKey = "second-key";

    readonly Lazy<Task<LocalServer>> open = new(() => LocalServer.StartAsync());
    readonly Lazy<Task<LocalServer>> keyed = new(
        () => LocalServer.StartAsync(new Dictionary<string, string> { ["ROLLCALL_KEYS"] = $"{Key}, {OtherKey}" }));

    internal Task<LocalServer> Open => open.Value;

    internal Task<LocalServer> Keyed => keyed.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var started = new[] { open, keyed }.Where(server => server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true });
        foreach (var server in started)
        {
            (await server.Value).Dispose();
        }
    }
}
