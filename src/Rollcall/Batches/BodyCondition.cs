using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DevLab.JmesPath;
using DevLab.JmesPath.Expressions;
using Newtonsoft.Json.Linq;

namespace Rollcall.Batches;

/// <summary>
/// A condition on JSON: an expression of JMESPath (https://jmespath.org), which is true unless its value is null, false, or an empty
/// string, array or object.
/// </summary>
public sealed partial class BodyCondition
{
    /// <summary>The longest expression, in characters.</summary>
    public const int MaxLength = 1000;

    readonly JmesPathExpression expression;

    // Its expressions are not said to be safe for several threads.
    readonly Lock gate = new();

    BodyCondition(string text, JmesPathExpression expression) => (Text, this.expression) = (text, expression);

    /// <summary>The expression as it was given.</summary>
    public string Text { get; }

    /// <summary>Reads a condition.</summary>
    /// <exception cref="FormatException">The text is none. The message is the rest of a sentence whose subject is the text.</exception>
    public static BodyCondition Parse(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            throw new FormatException($"has {text.Length} characters: an expression of JMESPath has 1 to {MaxLength}.");
        }

        try
        {
            return new BodyCondition(text, new JmesPath().Parse(text));
        }
        catch (Exception exception) when (exception.GetType() == typeof(Exception))
        {
            throw new FormatException($"is not an expression of JMESPath: {Describe(exception.Message, text)}.", exception);
        }
    }

    /// <summary>Whether the condition is true.</summary>
    /// <exception cref="FormatException">
    /// It cannot be evaluated. The message is the rest of a sentence whose subject is the text.
    /// </exception>
    public bool IsTrue(JsonElement json)
    {
        try
        {
            lock (gate)
            {
                return IsTrue(expression.Transform(TokenOf(json)).AsJToken());
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A body can be anything, and a response that cannot be judged is no success.
            throw new FormatException($"cannot be evaluated: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    static bool IsTrue(JToken? value) => value switch
    {
        null or { Type: JTokenType.Null or JTokenType.Undefined } => false,
        JValue { Type: JTokenType.Boolean } truth => (bool)truth,
        JValue { Type: JTokenType.String } text => ((string)text!).Length > 0,
        JContainer container => container.Count > 0,
        _ => true,
    };

    static JToken TokenOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => ObjectOf(json),
        JsonValueKind.Array => new JArray(json.EnumerateArray().Select(TokenOf)),
        JsonValueKind.String => new JValue(json.GetString()),
        JsonValueKind.Number => json.TryGetInt64(out long whole) ? new JValue(whole) : new JValue(json.GetDouble()),
        JsonValueKind.True or JsonValueKind.False => new JValue(json.GetBoolean()),
        _ => JValue.CreateNull(),
    };

    static JObject ObjectOf(JsonElement json)
    {
        var made = new JObject();
        foreach (var property in json.EnumerateObject())
        {
            made[property.Name] = TokenOf(property.Value);
        }

        return made;
    }

    // Of the parser: "Error(1, 3): syntax, near 'x'." with the column from 0, or -1 for an end where none may be.
    static string Describe(string message, string text)
    {
        var match = SyntaxError().Match(message);
        if (!match.Success)
        {
            return message.TrimEnd('.');
        }

        int column = int.Parse(match.Groups["column"].Value, CultureInfo.InvariantCulture) + 1;
        string near = match.Groups["near"].Value is { Length: > 0 } token ? $"near '{token}'" : "at its end";
        return $"column {Math.Clamp(column, 1, text.Length)}, {near}";
    }

    [GeneratedRegex(@"^Error\(\d+, (?<column>-?\d+)\): syntax, near '(?<near>.*)'\.?$", RegexOptions.Singleline)]
    private static partial Regex SyntaxError();
}
