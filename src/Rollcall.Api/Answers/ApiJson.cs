using System.Text.Json.Serialization;

namespace Rollcall.Api.Answers;

/// <summary>Source-generated JSON for what only the HTTP API says.</summary>
[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiHealth))]
[JsonSerializable(typeof(BatchPage))]
[JsonSerializable(typeof(BatchStatus))]
[JsonSerializable(typeof(StartAnswer))]
public sealed partial class ApiJson : JsonSerializerContext;
