using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rollcall.Api.Answers;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;
using Rollcall.Validation;

namespace Rollcall.Cli.Client;

/// <summary>Makes what the user is told of an answer that is not a success.</summary>
static class ServerProblem
{
    const string ProblemType = "application/problem+json";

    /// <summary>Reads such an answer.</summary>
    /// <param name="hasKey">Whether the request had a key.</param>
    /// <returns>What is wrong.</returns>
    public static async Task<ServerException> ReadAsync(HttpResponseMessage response, bool hasKey, CancellationToken cancellationToken)
    {
        string url = response.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Path);
        string status = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}").TrimEnd();
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            string about = hasKey
                ? $"{url} does not accept the key ({status}). Check --key, or ROLLCALL_KEY."
                : $"{url} wants a key ({status}). Give it with --key, or in ROLLCALL_KEY.";
            return new ServerException(about) { MayPass = false };
        }

        if (response.Headers.Location is { } location && (int)response.StatusCode is >= 300 and < 400)
        {
            return new ServerException(
                $"{url} is elsewhere ({status} to '{ShownUrl.Of(location.OriginalString)}'). Check --server.") { MayPass = false };
        }

        bool mayPass = MayPass(response.StatusCode);
        if (response.Content.Headers.ContentType?.MediaType != ProblemType)
        {
            return new ServerException(
                $"{url} answered {status}, and not as a Rollcall server does. Check --server.") { MayPass = mayPass };
        }

        byte[] json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var problem = JsonSerializer.Deserialize(json, ClientJson.Default.ProblemAnswer);
        string detail = problem?.Detail is { Length: > 0 } text ? PlainText.Of(Describe(text, problem)) : "No reason was given.";
        return !mayPass && problem?.Detail is not null
            ? new ServerException(
                detail,
                Describe(problem)) { MayPass = false, IsNotFound = response.StatusCode == HttpStatusCode.NotFound }
            : new ServerException(
                $"{url} answered {status}: {detail}") { MayPass = mayPass, IsDamaged = problem?.Code == BatchFault.DamagedCode };
    }

    static bool MayPass(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    static string Describe(string detail, ProblemAnswer problem) =>
        OptionNames.Describe(problem.Errors is [var only]
            ? detail.Replace(only.ToString(), OptionNames.Describe(only), StringComparison.Ordinal)
            : detail);

    static List<string> Describe(ProblemAnswer problem)
    {
        var errors = problem.Errors ?? [];

        // A problem with one error has it in its sentence already.
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
/// <param name="Detail">One sentence.</param>
/// <param name="Code">What is wrong, for programs; null where the status says it.</param>
/// <param name="Errors">The first things that are wrong, each with its place.</param>
/// <param name="ErrorCount">How many are wrong in all.</param>
sealed record ProblemAnswer(string? Detail, string? Code, IReadOnlyList<InputError>? Errors, long? ErrorCount);

/// <summary>What the command line reads of a server that is no answer of the API's own.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemAnswer))]
sealed partial class ClientJson : JsonSerializerContext;
