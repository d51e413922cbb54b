using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.Serialization;

/// <summary>The spelling of an enum value in the public contract, as in its JSON.</summary>
public static class KebabCase
{
    static readonly ConcurrentDictionary<Enum, string> Names = new();

    /// <summary>Spells a value, such as <c>body-incomplete</c>.</summary>
    /// <param name="value">A value of a public enum.</param>
    public static string Of(Enum value) => Names.GetOrAdd(value, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));

    /// <summary>The spellings of all values of an enum, in its order.</summary>
    public static IReadOnlyList<string> AllOf<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => Of(value))];

    /// <summary>The value that has a spelling; null if none has.</summary>
    public static T? Find<T>(string text)
        where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => Of(value!.Value) == text);
}

/// <summary>
/// Writes an enum's values in kebab case, as in the public contract. It is public because JSON code generated in another assembly uses it.
/// </summary>
public sealed class KebabCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
