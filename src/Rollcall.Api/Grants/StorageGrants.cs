using Rollcall.Validation;

namespace Rollcall.Api.Grants;

/// <summary>What of the host's storage account the request of a batch may name.</summary>
/// <param name="OpenBlob">Opens blobs of items.</param>
/// <param name="Containers">The containers that these may be in.</param>
/// <param name="Queues">The queues that notices may go to.</param>
public sealed record StorageGrants(ItemsBlobOpener OpenBlob, AllowedNames Containers, AllowedNames Queues);

/// <summary>Opens a blob of items that a request names.</summary>
/// <param name="path">The container, a slash, and the blob's name in it.</param>
/// <returns>The blob's bytes, or null where there is no such blob.</returns>
/// <exception cref="InvalidInputException">The path is not one that may be read.</exception>
public delegate Task<Stream?> ItemsBlobOpener(string path, CancellationToken cancellationToken);
