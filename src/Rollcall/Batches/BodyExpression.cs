using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using DevLab.JmesPath;
using DevLab.JmesPath.Expressions;
using Newtonsoft.Json.Linq;

namespace Rollcall.Batches;

/// <summary>An expression of JMESPath (https://jmespath.org) over the JSON of a body.</summary>
sealed partial class BodyExpression
{
    /// <summary>The longest expression, in characters.</summary>
    public const int MaxLength = 1000;

    // A whole number of more digits is read as a fraction is.
    const int MaxDigits = 100;

    readonly JmesPathExpression expression;

    // Its expressions are not said to be safe for several threads.
    readonly Lock gate = new();

    BodyExpression(JmesPathExpression expression) => this.expression = expression;

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">The text is none. The message is the rest of a sentence whose subject is the text.</exception>
    public static BodyExpression Parse(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            throw new FormatException($"has {text.Length} characters: an expression of JMESPath has 1 to {MaxLength}.");
        }

        try
        {
            return new BodyExpression(new JmesPath().Parse(text));
        }
        catch (Exception exception) when (exception.GetType() == typeof(Exception))
        {
            throw new FormatException($"is not an expression of JMESPath: {Describe(exception.Message, text)}.", exception);
        }
    }

    /// <summary>The value of the expression.</summary>
    /// <exception cref="FormatException">
    /// It cannot be evaluated. The message is the rest of a sentence whose subject is the text.
    /// </exception>
    public JToken? Evaluate(JsonElement json)
    {
        try
        {
            lock (gate)
            {
                return expression.Transform(TokenOf(json)).AsJToken();
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A body can be anything.
            throw new FormatException($"cannot be evaluated: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    static JToken TokenOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => ObjectOf(json),
        JsonValueKind.Array => new JArray(json.EnumerateArray().Select(TokenOf)),
        JsonValueKind.String => new JValue(json.GetString()),
        JsonValueKind.Number => NumberOf(json),
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

    // A whole number beyond 64 bits is one too, because some are ids.
    static JValue NumberOf(JsonElement json)
    {
        if (json.TryGetInt64(out long whole))
        {
            return new JValue(whole);
        }

        string text = json.GetRawText();
        bool isWhole = BigInteger.TryParse(
            text.Length <= MaxDigits ? text : "", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big);
        return isWhole ? new JValue(big) : new JValue(json.GetDouble());
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
