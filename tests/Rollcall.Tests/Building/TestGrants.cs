using Microsoft.Extensions.Configuration;
using Rollcall.Api.Grants;
using Rollcall.Api.Requests;

namespace Rollcall.Tests.Building;

/// <summary>The host's resources that requests may name.</summary>
static class TestGrants
{
    static readonly string[] Names = ["S", "c", "d", "TOKEN", "SCORE_TOKEN", "SIGN-1_a", new('s', 128)];

    /// <summary>For a host that has no storage account, with secrets and keys that may be sent anywhere.</summary>
    public static RequestGrants Local { get; } = new()
    {
        Secrets = Secrets(new[] { "Secrets", "WebhookKeys" }.SelectMany(kind =>
            Names.SelectMany(name => new[] { ($"{kind}:{name}", "v"), ($"{kind}:{name}:Origins", "*") }))),
    };

    /// <summary>The same with a storage account.</summary>
    public static RequestGrants WithStorage(ItemsBlobOpener? openBlob = null, string containers = "in-1", string queues = "") => Local with
    {
        Storage = new StorageGrants(
            openBlob ?? ((_, _) => Task.FromResult<Stream?>(null)),
            new StorageNames("Hub").ReadContainers(containers),
            new StorageNames("Hub").ReadQueues(queues)),
    };

    /// <summary>Secrets from settings below <c>Rollcall</c>.</summary>
    public static HostSecrets Secrets(params IEnumerable<(string Name, string Value)> settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"Rollcall:{setting.Name}", (string?)setting.Value))).Build());
}
