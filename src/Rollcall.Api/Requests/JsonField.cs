using System.Text.Json;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>A value in a JSON request, its place, and the list that its errors are added to.</summary>
/// <param name="Errors">Collects the errors.</param>
readonly record struct JsonField(JsonElement Value, string Pointer, InputErrorList Errors)
{
    /// <summary>Whether the value is null.</summary>
    public bool IsNull => Value.ValueKind == JsonValueKind.Null;

    /// <summary>Refuses the value.</summary>
    /// <param name="message">See <see cref="InputError.Message"/>; null if nothing is wrong.</param>
    public void Refuse(string? message)
    {
        if (message is not null)
        {
            Errors.Add(InputError.AtField(Pointer, message));
        }
    }

    /// <summary>Refuses something within the value.</summary>
    /// <param name="path">The names of the fields that lead to it.</param>
    /// <param name="message">See <see cref="InputError.Message"/>; null if nothing is wrong.</param>
    public void RefuseAt(IEnumerable<string> path, string? message)
    {
        if (message is not null)
        {
            Errors.Add(InputError.AtField(path.Aggregate(Pointer, JsonPointer.Append), message));
        }
    }

    /// <summary>A field of the value, which is an object.</summary>
    public JsonField Field(JsonProperty property) => new(property.Value, JsonPointer.Append(Pointer, JsonTexts.NameOf(property)), Errors);

    /// <summary>Reads the value as an object.</summary>
    /// <param name="known">The fields that it may have, and what reads them.</param>
    /// <returns>The names that it has; null if it is not an object and was refused.</returns>
    public FieldNames? ReadFields(params IReadOnlyList<(string Name, Action<JsonField> Read)> known)
    {
        string[] allowed = [.. known.Select(field => field.Name)];
        if (Value.ValueKind != JsonValueKind.Object)
        {
            Refuse(
                $"is {JsonKind.Of(Value)}: an object is needed, and {NearName.List(allowed)} {(allowed.Length == 1 ? "is" : "are")} "
                + "allowed in it.");
            return null;
        }

        var names = new FieldNames(Pointer, Errors, allowed);
        foreach (var property in Value.EnumerateObject())
        {
            string name = JsonTexts.NameOf(property);
            if (names.Accept(name))
            {
                known[Array.IndexOf(allowed, name)].Read(Field(property));
            }
        }

        return names;
    }

    /// <summary>Reads the value as a string.</summary>
    /// <param name="needed">What is needed: "a string of 1 to 64 characters".</param>
    /// <param name="isAllowed">Whether a text is allowed; null if any is.</param>
    /// <returns>The text; null if it was refused.</returns>
    public string? ReadText(string needed, Func<string, bool>? isAllowed = null)
    {
        if (Value.ValueKind != JsonValueKind.String)
        {
            Refuse($"is {JsonKind.Of(Value)}: {needed} is needed.");
            return null;
        }

        if (JsonTexts.Find(Value) is not { } text)
        {
            Refuse(JsonTexts.HalfCharacter);
            return null;
        }

        if (isAllowed?.Invoke(text) == false)
        {
            Refuse($"is '{ShortText.Of(text)}': {needed} is needed.");
            return null;
        }

        return text;
    }
}
