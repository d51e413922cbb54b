using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rollcall.Api.Grants;

namespace Rollcall.Functions;

/// <summary>Logs unusable settings at the start.</summary>
sealed partial class SettingsNote(HostSecrets secrets, ILogger<SettingsNote> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string setting in secrets.Unbound)
        {
            LogWithoutOrigins(setting);
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
        "{Setting} has no origins, so no batch can use it. Set {Setting}__Origins to the origins it may be sent to, such as "
        + "https://api.example.com.")]
    partial void LogWithoutOrigins(string setting);

    [LoggerMessage(
        LogLevel.Warning,
        "{Setting} is a Key Vault reference that could not be read, so no batch can use it. Make sure that the vault has the secret and "
        + "that the app's identity has the role Key Vault Secrets User. Then restart the app.")]
    partial void LogUnresolved(string setting);
}
