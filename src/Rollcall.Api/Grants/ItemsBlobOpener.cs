using Rollcall.Validation;

namespace Rollcall.Api.Grants;

/// <summary>Opens a blob of items that a request names.</summary>
/// <param name="path">The container, a slash, and the blob's name in it.</param>
/// <param name="cancellationToken">Stops the opening.</param>
/// <returns>The blob's bytes, or null where there is no such blob.</returns>
/// <exception cref="InvalidInputException">The path is not one that may be read.</exception>
public delegate Task<Stream?> ItemsBlobOpener(string path, CancellationToken cancellationToken);
