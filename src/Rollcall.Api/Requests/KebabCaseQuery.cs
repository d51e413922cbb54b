using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Rollcall.Serialization;

namespace Rollcall.Api.Requests;

/// <summary>Reads an enum's values from a query, in the spelling that the answers have.</summary>
static class KebabCaseQuery
{
    /// <summary>Reads a parameter that may be missing.</summary>
    /// <param name="value">Its value; null where it is missing.</param>
    /// <param name="error">What is wrong with it.</param>
    /// <returns>Whether nothing is.</returns>
    public static bool TryRead<T>(HttpRequest request, string name, out T? value, [NotNullWhen(false)] out string? error)
        where T : struct, Enum
    {
        string? text = request.Query[name];
        value = text is null ? null : KebabCase.Find<T>(text);
        error = text is null || value is not null ? null : Refuse<T>(name, text);
        return error is null;
    }

    /// <summary>Reads a parameter that may be missing, be there more than once, and have several values with commas between them.</summary>
    /// <param name="values">Its values; none where it is missing.</param>
    /// <param name="error">What is wrong with the first one that is wrong.</param>
    /// <returns>Whether nothing is.</returns>
    public static bool TryReadAll<T>(HttpRequest request, string name, out IReadOnlySet<T> values, [NotNullWhen(false)] out string? error)
        where T : struct, Enum
    {
        string[] texts = [.. request.Query[name].SelectMany(text => (text ?? "").Split(','))];
        values = texts.Select(KebabCase.Find<T>).OfType<T>().ToHashSet();
        error = texts.FirstOrDefault(text => KebabCase.Find<T>(text) is null) is { } wrong ? Refuse<T>(name, wrong) : null;
        return error is null;
    }

    static string Refuse<T>(string name, string text)
        where T : struct, Enum => $"{name} is '{text}': {string.Join(", ", KebabCase.AllOf<T>())} are allowed.";
}
