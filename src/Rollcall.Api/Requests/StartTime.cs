using Rollcall.Serialization;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>Reads when a batch is to start.</summary>
static class StartTime
{
    /// <summary>What is allowed.</summary>
    public const string Needed = "an RFC 3339 date-time with an offset, such as 2026-01-31T08:00:00+01:00,";

    static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    /// <summary>Reads a time.</summary>
    /// <returns>What is wrong with the text, as the rest of a sentence whose subject it is; null where nothing is.</returns>
    public static string? Read(string text, DateTimeOffset now, out DateTimeOffset? startAt)
    {
        startAt = Rfc3339.Find(text);
        if (startAt is not { } start)
        {
            return $"is '{ShortText.Of(text)}': {Needed} is needed.";
        }

        return start - now > Furthest ? $"is '{ShortText.Of(text)}', which is too far away: up to 366 days from now is allowed." : null;
    }
}
