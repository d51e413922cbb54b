using Rollcall.Validation;

namespace Rollcall.Api.Grants;

/// <summary>The parts of the host's storage account that a batch request may use.</summary>
/// <param name="OpenBlob">Opens blobs of items.</param>
/// <param name="Containers">The containers that these blobs may be in.</param>
/// <param name="Queues">The queues that notices may go to.</param>
public sealed record StorageGrants(ItemsBlobOpener OpenBlob, AllowedNames Containers, AllowedNames Queues);

/// <summary>Opens a blob of items that a request names.</summary>
/// <param name="path">The container, a slash, and the blob's name in it.</param>
/// <returns>The blob's bytes, or null if there is no such blob.</returns>
/// <exception cref="InvalidInputException">The path may not be read.</exception>
public delegate Task<Stream?> ItemsBlobOpener(string path, CancellationToken cancellationToken);
