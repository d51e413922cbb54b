using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Rollcall.Serialization;

namespace Rollcall.Api.Requests;

/// <summary>Reads an enum's values from a query, in the same spelling as in responses.</summary>
static class KebabCaseQuery
{
    /// <summary>Reads an optional parameter.</summary>
    /// <param name="value">Its value; null if it is missing.</param>
    /// <param name="error">What is wrong with it.</param>
    /// <returns>Whether it is valid or missing.</returns>
    public static bool TryRead<T>(HttpRequest request, string name, out T? value, [NotNullWhen(false)] out string? error)
        where T : struct, Enum
    {
        string? text = request.Query[name];
        value = text is null ? null : KebabCase.Find<T>(text);
        error = text is null || value is not null ? null : Refuse<T>(name, text);
        return error is null;
    }

    /// <summary>Reads an optional parameter that may be repeated and may have several values separated by commas.</summary>
    /// <param name="values">Its values; empty if it is missing.</param>
    /// <param name="error">What is wrong with the first invalid one.</param>
    /// <returns>Whether all are valid.</returns>
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
