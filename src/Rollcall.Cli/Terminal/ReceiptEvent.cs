using System.Text.Json;
using System.Text.Json.Serialization;
using Rollcall.Batches;

namespace Rollcall.Cli.Terminal;

/// <summary>The last line of <c>--json</c>.</summary>
/// <param name="ReceiptFile">The receipt file, which also lists the shards.</param>
/// <param name="Items">The number of items.</param>
/// <param name="Outcomes">The number of outcomes.</param>
/// <param name="Counts">The outcomes by kind.</param>
/// <param name="Totals">The totals of what was extracted; null if there is none.</param>
/// <param name="Sha256">The SHA-256 of the results file.</param>
/// <param name="Stop">Why the run ended early; null if it did not.</param>
sealed record ReceiptEvent(
    string Output,
    string ReceiptFile,
    long Items,
    long Outcomes,
    OutcomeCounts Counts,
    IReadOnlyDictionary<string, ExtractedTotal>? Totals,
    string Sha256,
    BatchStop? Stop)
{
    public string Type { get; } = "receipt";
}

/// <summary>Serializes what the command line writes for programs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressEvent))]
[JsonSerializable(typeof(ReceiptEvent))]
sealed partial class TerminalJson : JsonSerializerContext;
