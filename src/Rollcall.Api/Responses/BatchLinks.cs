using Microsoft.AspNetCore.Http;

namespace Rollcall.Api.Responses;

/// <summary>Paths of a batch. They do not contain a key.</summary>
public sealed record BatchLinks(string Status, string Results, string Receipt)
{
    const string Collection = "/batches";

    /// <summary>Makes the links of a batch from the path of any request to the API, including any prefix that the host adds.</summary>
    internal static BatchLinks Of(HttpRequest request, string batchId)
    {
        string path = $"{request.PathBase}{request.Path}";
        string batch = $"{path[..(path.IndexOf(Collection, StringComparison.OrdinalIgnoreCase) + Collection.Length)]}/{batchId}";
        return new BatchLinks(batch, $"{batch}/results", $"{batch}/receipt");
    }
}
