using Rollcall.EndToEnd.Tests.Client;
using Rollcall.EndToEnd.Tests.Functions.Api;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary><c>rollcall serve</c> as a process.</summary>
sealed class ServeLifeHost : ILifeHost
{
    readonly LocalServer server;

    ServeLifeHost(LocalServer server)
    {
        this.server = server;
        Api = new ApiClient(() => new Uri(server.Url + "/"));
    }

    public ApiClient Api { get; }

    public string Written => server.Written;

    public static async Task<ILifeHost> StartAsync(IReadOnlyDictionary<string, string> settings) =>
        new ServeLifeHost(await LocalServer.StartAsync(settings));

    public Task KillAsync() => server.KillAsync();

    public Task StartAgainAsync(string retentionDays = "") =>
        server.StartAgainAsync(retentionDays.Length > 0 ? ["--retention-days", retentionDays] : []);

    public ValueTask DisposeAsync()
    {
        Api.Dispose();
        server.Dispose();
        return ValueTask.CompletedTask;
    }
}
