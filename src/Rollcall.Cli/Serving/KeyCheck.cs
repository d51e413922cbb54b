using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rollcall.Cli.Serving;

/// <summary>Requires a key, as the Functions host does, for every request except the health check.</summary>
sealed class KeyCheck(ServerKeys keys)
{
    const string KeyHeader = "x-functions-key";
    const string KeyParameter = "code";
    const string Scheme = "Bearer ";

    static readonly PathString Open = "/api/health";

    /// <summary>Refuses a request without a valid key.</summary>
    /// <returns>401; null if the request is accepted.</returns>
    public IResult? Refuse(HttpRequest request)
    {
        var given = KeysOf(request).ToList();
        if (request.Path.Equals(Open, StringComparison.OrdinalIgnoreCase) || given.Exists(keys.Has))
        {
            return null;
        }

        request.HttpContext.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"rollcall\"";
        return TypedResults.Problem(
            given.Count == 0
                ? $"A key is needed: in {KeyHeader}, or in Authorization as Bearer."
                : "The key is not one of the server's.",
            statusCode: StatusCodes.Status401Unauthorized);
    }

    static IEnumerable<string> KeysOf(HttpRequest request) => request.Headers[KeyHeader]
        .Concat(request.Query[KeyParameter])
        .Concat(
            request.Headers.Authorization.Select(text => text?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true
                ? text[Scheme.Length..].Trim()
                : null))
        .Where(key => !string.IsNullOrEmpty(key))
        .Select(key => key!);
}
