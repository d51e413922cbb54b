using System.Globalization;

namespace Rollcall.Sending;

/// <summary>How long the host lets one activity run. One that runs longer is killed, along with everything else in its process.</summary>
/// <param name="Longest">The host's limit, above zero.</param>
/// <param name="Setting">The setting that the limit comes from, for messages.</param>
public sealed record ActivityLimit(TimeSpan Longest, string Setting)
{
    static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(1);

    /// <summary>The part reserved for waits before an attempt and for recording its outcome: a third, at most a minute.</summary>
    public TimeSpan Margin => Longest / 3 < LongestMargin ? Longest / 3 : LongestMargin;

    /// <summary>The longest possible attempt.</summary>
    public TimeSpan LongestAttempt => Longest - Margin;

    /// <summary>How long after an activity's start its last attempt may begin.</summary>
    /// <param name="timeout">The time limit of the attempt, up to <see cref="LongestAttempt"/>.</param>
    /// <returns>The time, which leaves half of the margin at the end.</returns>
    public TimeSpan TimeBefore(TimeSpan timeout) => LongestAttempt - timeout + (Margin / 2);

    /// <summary>Says why a batch's attempt timeout is not possible on this host.</summary>
    /// <returns>The rest of a sentence whose subject is the option; null if it is possible.</returns>
    public string? FindError(double timeoutSeconds) => timeoutSeconds <= LongestAttempt.TotalSeconds
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"is {timeoutSeconds}: this host ends whatever runs for {Longest.TotalSeconds:0.###} s, so up to "
            + $"{Math.Floor(LongestAttempt.TotalSeconds * 1000) / 1000:0.###} is allowed. {Setting} sets the limit.");
}
