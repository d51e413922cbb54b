using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Rollcall.Serialization;

namespace Rollcall.Api;

/// <summary>Reads an enum's value from a query, in the spelling that the answers have.</summary>
static class KebabCaseQuery
{
    /// <summary>Reads a parameter that may be missing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="value">Its value; null where it is missing.</param>
    /// <param name="error">What is wrong with it.</param>
    /// <returns>Whether nothing is.</returns>
    public static bool TryRead<T>(HttpRequest request, string name, out T? value, [NotNullWhen(false)] out string? error)
        where T : struct, Enum
    {
        string? text = request.Query[name];
        value = text is null ? null : Enum.GetValues<T>().Cast<T?>().FirstOrDefault(v => KebabCase.Of(v!.Value) == text);
        error = text is null || value is not null
            ? null
            : $"{name} is '{text}': {string.Join(", ", Enum.GetValues<T>().Select(v => KebabCase.Of(v)))} are allowed.";
        return error is null;
    }

    /// <summary>Reads a parameter that may be given any number of times, or with several values between commas.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="values">Its values; none where it is missing.</param>
    /// <param name="error">What is wrong with one of them.</param>
    /// <returns>Whether nothing is.</returns>
    public static bool TryReadAll<T>(HttpRequest request, string name, out IReadOnlyList<T> values, [NotNullWhen(false)] out string? error)
        where T : struct, Enum
    {
        string[] texts = [.. request.Query[name].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.TrimEntries))];
        string? unknown = texts.FirstOrDefault(text => !Enum.GetValues<T>().Any(v => KebabCase.Of(v) == text));
        values = unknown is null ? [.. Enum.GetValues<T>().Where(v => texts.Contains(KebabCase.Of(v)))] : [];
        error = unknown is null ? null : $"{name} is '{unknown}': {string.Join(", ", Enum.GetValues<T>().Select(v => KebabCase.Of(v)))} are allowed.";
        return error is null;
    }
}
