using System.Text.Json;
using Json.Schema;

namespace Rollcall.Tests.Schemas;

/// <summary>A JSON Schema of <c>docs/schemas</c>, as a user's validator reads it, with the formats required.</summary>
/// <param name="fileName">Its file.</param>
sealed class PublishedSchema(string fileName)
{
    static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    readonly JsonSchema schema = JsonSchema.FromText(File.ReadAllText(PathOf(fileName)));

    public static PublishedSchema ResultLine { get; } = new("result-line.schema.json");

    public static PublishedSchema Receipt { get; } = new("receipt.schema.json");

    /// <summary>The schema itself as JSON.</summary>
    public JsonElement Document { get; } = JsonElement.Parse(File.ReadAllText(PathOf(fileName)));

    public bool Accepts(JsonElement value) => schema.Evaluate(value, Options).IsValid;

    /// <summary>Fails with every reason if the schema does not accept a value.</summary>
    public void Require(JsonElement value)
    {
        var result = schema.Evaluate(value, Options);
        if (!result.IsValid)
        {
            var reasons = (result.Details ?? []).Where(part => part.Errors is not null).SelectMany(
                part => part.Errors!.Select(error => $"{part.InstanceLocation} {part.EvaluationPath} {error.Key}: {error.Value}"));
            string text = value.GetRawText();
            Assert.Fail($"{fileName} refuses {(text.Length > 1000 ? text[..1000] : text)}\n{string.Join('\n', reasons)}");
        }
    }

    static string PathOf(string fileName) => Path.Combine(AppContext.BaseDirectory, "Schemas", fileName);
}
