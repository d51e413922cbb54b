using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rollcall.Api.Grants;

namespace Rollcall.Functions;

/// <summary>Notes at the start what of the settings can be of no use.</summary>
sealed partial class SettingsNote(HostSecrets secrets, ILogger<SettingsNote> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string setting in secrets.Unbound)
        {
            LogUnbound(setting);
        }

        foreach (string setting in secrets.Unresolved)
        {
            LogUnresolved(setting);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        LogLevel.Warning,
        "{Setting} is bound to no origin, so no batch can use it. Set {Setting}__Origins to the origins that it may go to, such as "
        + "https://api.example.com.")]
    partial void LogUnbound(string setting);

    [LoggerMessage(
        LogLevel.Warning,
        "{Setting} is a reference to a vault that could not be read, so no batch can use it. The vault must have the secret, "
        + "and the app's identity the role Key Vault Secrets User; then restart the app.")]
    partial void LogUnresolved(string setting);
}
