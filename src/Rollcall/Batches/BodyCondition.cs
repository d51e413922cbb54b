using System.Text.Json;
using Newtonsoft.Json.Linq;

namespace Rollcall.Batches;

/// <summary>
/// A condition on JSON: an expression of JMESPath (https://jmespath.org), which is true unless its value is null, false, or an empty
/// string, array or object.
/// </summary>
public sealed class BodyCondition
{
    readonly BodyExpression expression;

    BodyCondition(string text, BodyExpression expression) => (Text, this.expression) = (text, expression);

    /// <summary>The expression as it was given.</summary>
    public string Text { get; }

    /// <summary>Reads a condition.</summary>
    /// <exception cref="FormatException">The text is none. The message is the rest of a sentence whose subject is the text.</exception>
    public static BodyCondition Parse(string text) => new(text, BodyExpression.Parse(text));

    /// <summary>Whether the condition is true.</summary>
    /// <exception cref="FormatException">
    /// It cannot be evaluated. The message is the rest of a sentence whose subject is the text.
    /// </exception>
    public bool IsTrue(JsonElement json) => expression.Evaluate(json) switch
    {
        null or { Type: JTokenType.Null or JTokenType.Undefined } => false,
        JValue { Type: JTokenType.Boolean } truth => (bool)truth,
        JValue { Type: JTokenType.String } text => ((string)text!).Length > 0,
        JContainer container => container.Count > 0,
        _ => true,
    };
}
