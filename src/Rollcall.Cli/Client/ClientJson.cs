using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.Cli.Client;

/// <summary>What the command line reads of a server that is no answer of the API's own.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemAnswer))]
sealed partial class ClientJson : JsonSerializerContext;
