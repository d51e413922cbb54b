using Microsoft.AspNetCore.Http;

namespace Rollcall.Api.Answers;

/// <summary>Paths of a batch. They carry no key.</summary>
public sealed record BatchLinks(string Status, string Results, string Receipt)
{
    const string Collection = "/batches";

    /// <summary>Makes the links of a batch from the path of any request to the API, whatever the host put before it.</summary>
    internal static BatchLinks Of(HttpRequest request, string batchId)
    {
        string path = $"{request.PathBase}{request.Path}";
        string batch = $"{path[..(path.IndexOf(Collection, StringComparison.OrdinalIgnoreCase) + Collection.Length)]}/{batchId}";
        return new BatchLinks(batch, $"{batch}/results", $"{batch}/receipt");
    }
}
