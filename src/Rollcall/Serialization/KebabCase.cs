using System.Collections.Concurrent;
using System.Text.Json;

namespace Rollcall.Serialization;

/// <summary>The contract's spelling of an enum value, as the JSON has it.</summary>
public static class KebabCase
{
    static readonly ConcurrentDictionary<Enum, string> Names = new();

    /// <summary>Spells a value, such as <c>body-incomplete</c>.</summary>
    /// <param name="value">A value of a public enum.</param>
    /// <returns>Its name in kebab case.</returns>
    public static string Of(Enum value) => Names.GetOrAdd(value, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));
}
