using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.Cli.Terminal;

/// <summary>What the command line writes for programs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressEvent))]
[JsonSerializable(typeof(ReceiptEvent))]
sealed partial class TerminalJson : JsonSerializerContext;
