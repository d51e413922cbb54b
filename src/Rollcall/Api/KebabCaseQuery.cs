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
}
