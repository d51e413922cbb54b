using Microsoft.Extensions.DependencyInjection;
using Rollcall.Api.Grants;
using Rollcall.Api.Requests;
using Rollcall.Credentials;
using Rollcall.Lifecycle;

namespace Rollcall.Api;

/// <summary>All handlers of the HTTP API, for either host.</summary>
/// <param name="Start">Starts batches.</param>
/// <param name="Uploads">Accepts their inputs in parts.</param>
/// <param name="Read">Shows a batch.</param>
/// <param name="Results">Returns its results.</param>
/// <param name="Items">Returns the results of single items.</param>
/// <param name="List">Lists batches.</param>
/// <param name="Control">Changes one.</param>
/// <param name="Purge">Deletes one.</param>
public sealed record RollcallApi(
    StartApi Start,
    UploadApi Uploads,
    ReadApi Read,
    ResultsApi Results,
    ItemsApi Items,
    ListApi List,
    ControlApi Control,
    PurgeApi Purge);

/// <summary>Puts the API together, in either host.</summary>
public static class RollcallApiServices
{
    /// <summary>
    /// Adds the core and the API. The host adds <see cref="HostSecrets"/> and <see cref="RequestGrants"/>, and what
    /// <see cref="RollcallCore.AddRollcallCore"/> asks for.
    /// </summary>
    public static IServiceCollection AddRollcallApi(this IServiceCollection services) => services
        .AddRollcallCore()
        .AddSingleton(provider => LookupsOf(provider.GetRequiredService<HostSecrets>()))
        .AddSingleton(provider => new Intakes(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<RollcallOptions>().Intakes))
        .AddSingleton<StartApi>()
        .AddSingleton<UploadApi>()
        .AddSingleton<ReadApi>()
        .AddSingleton<ResultsApi>()
        .AddSingleton<ItemsApi>()
        .AddSingleton<ListApi>()
        .AddSingleton<ControlApi>()
        .AddSingleton<PurgeApi>()
        .AddSingleton<RollcallApi>();

    static SecretLookups LookupsOf(HostSecrets secrets) => new(secrets.FindHeaderValue, secrets.FindWebhookKey, secrets.MayHaveToken);
}
