using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;

namespace Rollcall.Functions.Storage;

/// <summary>Finds the storage account as the Functions host does: <c>AzureWebJobsStorage</c> is a connection string, or a section with an identity.</summary>
static class StorageAccount
{
    const string Setting = "AzureWebJobsStorage";
    const string ContainerName = "rollcall";

    /// <summary>Makes the client of the container that holds the batches.</summary>
    /// <param name="configuration">The app's settings.</param>
    /// <returns>The client. Nothing was asked of the account yet.</returns>
    /// <exception cref="InvalidOperationException">The settings name no account.</exception>
    public static BlobContainerClient CreateContainerClient(IConfiguration configuration)
    {
        var section = configuration.GetSection(Setting);
        if (section.Value is { Length: > 0 } connectionString)
        {
            return new BlobContainerClient(connectionString, ContainerName);
        }

        string address = section["blobServiceUri"]
            ?? (section["accountName"] is { Length: > 0 } account ? $"https://{account}.blob.core.windows.net" : null)
            ?? throw new InvalidOperationException(
                $"No storage account is set: {Setting} must be a connection string, or {Setting}__accountName or {Setting}__blobServiceUri an account.");
        return new BlobContainerClient(new Uri($"{address.TrimEnd('/')}/{ContainerName}"), CreateCredential(section));
    }

    static TokenCredential CreateCredential(IConfigurationSection section) => section["credential"] switch
    {
        null or "" => new DefaultAzureCredential(),
        "managedidentity" => new ManagedIdentityCredential(
            section["clientId"] is { Length: > 0 } clientId ? ManagedIdentityId.FromUserAssignedClientId(clientId) : ManagedIdentityId.SystemAssigned),
        var other => throw new InvalidOperationException($"{Setting}__credential is '{other}': 'managedidentity', or nothing, is allowed."),
    };
}
