using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>The Function App on a storage account of its own.</summary>
sealed class FunctionAppLifeHost : ILifeHost
{
    readonly OwnApp app;

    FunctionAppLifeHost(OwnApp app) => this.app = app;

    public ApiClient Api => app.Api;

    public string Written => app.Host.Output;

    public static async Task<ILifeHost> StartAsync(IReadOnlyDictionary<string, string> settings) =>
        new FunctionAppLifeHost(await OwnApp.StartAsync(appFolder: null, settings.Select(setting => (setting.Key, setting.Value))));

    public Task KillAsync() => app.Host.KillAsync();

    public Task StartAgainAsync(string retentionDays = "") => app.Host.StartAgainAsync(("Rollcall__RetentionDays", retentionDays));

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
