using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.Results;

/// <summary>Source-generated JSON for reading result lines.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ResultRow))]
sealed partial class ResultRowJson : JsonSerializerContext;
