using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Rollcall.Api.Grants;

namespace Rollcall.Functions.Storage;

/// <summary>
/// Finds the storage account as the Functions host does: <c>AzureWebJobsStorage</c> is a connection string, or a section with an identity.
/// </summary>
static class StorageAccount
{
    const string Setting = "AzureWebJobsStorage";
    /// <summary>The container that holds the batches.</summary>
    public const string ContainerName = StorageNames.BatchesContainer;

    /// <summary>Creates the client of the account's blobs.</summary>
    /// <returns>The client. It has not called the account yet.</returns>
    /// <exception cref="InvalidOperationException">The settings name no account.</exception>
    public static BlobServiceClient CreateBlobClient(IConfiguration configuration)
    {
        var section = configuration.GetSection(Setting);
        return section.Value is { Length: > 0 } connectionString
            ? new BlobServiceClient(connectionString)
            : new BlobServiceClient(AddressOf(section, "blob"), CreateCredential(section));
    }

    /// <summary>Creates the client of one of the account's queues.</summary>
    /// <returns>The client. It has not called the account yet.</returns>
    /// <exception cref="InvalidOperationException">The settings name no account.</exception>
    public static QueueClient CreateQueueClient(IConfiguration configuration, string name)
    {
        var section = configuration.GetSection(Setting);
        return section.Value is { Length: > 0 } connectionString
            ? new QueueClient(connectionString, name)
            : new QueueClient(new Uri(AddressOf(section, "queue"), name), CreateCredential(section));
    }

    /// <summary>Creates the client of one of the account's tables.</summary>
    /// <returns>The client. It has not called the account yet.</returns>
    /// <exception cref="InvalidOperationException">The settings name no account.</exception>
    public static TableClient CreateTableClient(IConfiguration configuration, string name)
    {
        var section = configuration.GetSection(Setting);
        return section.Value is { Length: > 0 } connectionString
            ? new TableClient(connectionString, name)
            : new TableClient(AddressOf(section, "table"), name, CreateCredential(section));
    }

    static Uri AddressOf(IConfigurationSection section, string service)
    {
        string address = section[$"{service}ServiceUri"]
            ?? (section["accountName"] is { Length: > 0 } account ? $"https://{account}.{service}.core.windows.net" : null)
            ?? throw new InvalidOperationException(
                $"No storage account is set: {Setting} must be a connection string, or {Setting}__accountName or "
                + $"{Setting}__{service}ServiceUri an account.");
        return new Uri(address.TrimEnd('/') + "/");
    }

    static TokenCredential CreateCredential(IConfigurationSection section) => section["credential"] switch
    {
        null or "" => new DefaultAzureCredential(),
        "managedidentity" => new ManagedIdentityCredential(
            section["clientId"] is { Length: > 0 } clientId
                ? ManagedIdentityId.FromUserAssignedClientId(clientId)
                : ManagedIdentityId.SystemAssigned),
        var other => throw new InvalidOperationException($"{Setting}__credential is '{other}': it must be 'managedidentity' or unset."),
    };
}
