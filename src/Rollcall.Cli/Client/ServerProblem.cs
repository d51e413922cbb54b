using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rollcall.Api;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;
using Rollcall.Validation;

namespace Rollcall.Cli.Client;

/// <summary>Turns an error response into a message for the user.</summary>
static class ServerProblem
{
    const string ProblemType = "application/problem+json";

    /// <summary>Reads an error response.</summary>
    /// <param name="hasKey">Whether the request had a key.</param>
    public static async Task<ServerException> ReadAsync(HttpResponseMessage response, bool hasKey, CancellationToken cancellationToken)
    {
        string url = response.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Path);
        string status = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}").TrimEnd();
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            string about = hasKey
                ? $"{url} does not accept the key ({status}). Check --key or ROLLCALL_KEY."
                : $"{url} requires a key ({status}). Give it with --key or in ROLLCALL_KEY.";
            return new ServerException(about) { IsTransient = false };
        }

        if (response.Headers.Location is { } location && (int)response.StatusCode is >= 300 and < 400)
        {
            return new ServerException(
                $"{url} redirects to '{ShownUrl.Of(location.OriginalString)}' ({status}). Check --server.")
            { IsTransient = false };
        }

        bool isTransient = IsTransient(response.StatusCode);
        if (response.Content.Headers.ContentType?.MediaType != ProblemType)
        {
            return new ServerException(
                $"{url} responded {status}, but not like a Rollcall server. Check --server.")
            { IsTransient = isTransient };
        }

        byte[] json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var problem = JsonSerializer.Deserialize(json, ClientJson.Default.ProblemResponse);
        string detail = problem?.Detail is { Length: > 0 } text ? PlainText.Of(Describe(text, problem)) : "No reason was given.";
        return !isTransient && problem?.Detail is not null
            ? new ServerException(
                detail,
                Describe(problem))
            {
                IsTransient = problem.Code == ItemsApi.NoOutcomeCode,
                IsNotFound = response.StatusCode == HttpStatusCode.NotFound,
            }
            : new ServerException(
                $"{url} responded {status}: {detail}")
            { IsTransient = isTransient, IsDamaged = problem?.Code == BatchFault.DamagedCode };
    }

    static bool IsTransient(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    static string Describe(string detail, ProblemResponse problem) =>
        OptionNames.Describe(problem.Errors is [var only]
            ? detail.Replace(only.ToString(), OptionNames.Describe(only), StringComparison.Ordinal)
            : detail);

    static List<string> Describe(ProblemResponse problem)
    {
        var errors = problem.Errors ?? [];

        // A problem with one error already has it in its detail.
        var lines = errors.Where(error => !problem.Detail!.Contains(error.Message, StringComparison.Ordinal)).Select(
            error => PlainText.Of(OptionNames.Describe(error))).ToList();
        if (problem.ErrorCount > errors.Count)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"and {problem.ErrorCount - errors.Count} more."));
        }

        return lines;
    }
}

/// <summary>What a server says is wrong (RFC 9457).</summary>
/// <param name="Detail">A sentence for people.</param>
/// <param name="Code">What is wrong, for programs; null if the status says it.</param>
/// <param name="Errors">The first errors, each with its place.</param>
/// <param name="ErrorCount">The number of all errors.</param>
sealed record ProblemResponse(string? Detail, string? Code, IReadOnlyList<InputError>? Errors, long? ErrorCount);

/// <summary>What the command line parses that is not a type of the API.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemResponse))]
sealed partial class ClientJson : JsonSerializerContext;
