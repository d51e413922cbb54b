using System.Text.Json;
using System.Text.Json.Serialization;
using Rollcall.Cli.Client;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli;

/// <summary>Source-generated JSON for what only the command line writes or reads.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(ProgressEvent))]
[JsonSerializable(typeof(ReceiptEvent))]
[JsonSerializable(typeof(RunStateFile))]
sealed partial class CliJson : JsonSerializerContext;
