using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Rollcall.Cli.Targets;

/// <summary>How the target responds to one request, as its query says.</summary>
/// <param name="Bytes">The length of the body in bytes; null to echo the request's body.</param>
/// <param name="Chunks">The number of pieces in which the body is sent.</param>
/// <param name="GapMs">Milliseconds between two pieces.</param>
/// <param name="DelayMs">Milliseconds before the response begins.</param>
sealed record ResponsePlan(int? Bytes, int Chunks, int GapMs, int Status, int DelayMs)
{
    const int MaxBytes = 1024 * 1024 * 1024;
    const int MaxMilliseconds = 3_600_000;
    const int MaxChunks = 100_000;

    /// <summary>Reads the plan of a request.</summary>
    /// <param name="plan">The plan, if there is no error.</param>
    /// <returns>What is wrong with the query; null if nothing is.</returns>
    public static string? Parse(IQueryCollection query, out ResponsePlan plan)
    {
        string? error = null;
        int? Read(string name, int min, int max)
        {
            if (!query.TryGetValue(name, out var text))
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max)
            {
                return value;
            }

            error ??= $"{name} is '{text}': a whole number from {min} to {max} is needed.";
            return null;
        }

        plan = new ResponsePlan(
            Read("bytes", 0, MaxBytes),
            Read("chunks", 1, MaxChunks) ?? 1,
            Read("gapMs", 0, MaxMilliseconds) ?? 0,
            Read("status", 200, 599) ?? 200,
            Read("delayMs", 0, MaxMilliseconds) ?? 0);
        return error;
    }
}
