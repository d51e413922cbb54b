using System.Text.Json.Serialization;

namespace Rollcall.Api.Responses;

/// <summary>Source-generated JSON for what only the HTTP API returns.</summary>
[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiHealth))]
[JsonSerializable(typeof(BatchPage))]
[JsonSerializable(typeof(BatchStatus))]
[JsonSerializable(typeof(StartResponse))]
public sealed partial class ApiJson : JsonSerializerContext;

/// <summary>The health of a host.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
/// <param name="Version">The version of Rollcall.</param>
public sealed record ApiHealth(string Status, string Version);

/// <summary>A page of the list of batches.</summary>
/// <param name="Batches">The batches, newest first.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null after the last one.</param>
public sealed record BatchPage(IReadOnlyList<BatchStatus> Batches, string? Next);

/// <summary>The response to a caller who started a batch.</summary>
/// <param name="Items">The number of items.</param>
/// <param name="Links">Where to find the batch.</param>
public sealed record StartResponse(string Id, long Items, BatchLinks Links);
