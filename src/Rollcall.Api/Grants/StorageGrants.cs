namespace Rollcall.Api.Grants;

/// <summary>What of the host's storage account the request of a batch may name.</summary>
/// <param name="OpenBlob">Opens blobs of items.</param>
/// <param name="Containers">The containers that these may be in.</param>
/// <param name="Queues">The queues that notices may go to.</param>
public sealed record StorageGrants(ItemsBlobOpener OpenBlob, AllowedNames Containers, AllowedNames Queues);
