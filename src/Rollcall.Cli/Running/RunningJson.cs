using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.Cli.Running;

/// <summary>What a run keeps beside its store.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunStateFile))]
sealed partial class RunningJson : JsonSerializerContext;
