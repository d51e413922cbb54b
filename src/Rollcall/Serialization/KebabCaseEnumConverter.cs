using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.Serialization;

/// <summary>Writes an enum's values in kebab case, as the public contract spells them. Public, because the JSON generated in another assembly uses it.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class KebabCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
