using System.Globalization;

namespace Rollcall.Batches;

/// <summary>A set of HTTP statuses, such as <c>200-299,404</c>.</summary>
public sealed class StatusSet
{
    /// <summary>2xx.</summary>
    public const string Default = "200-299";

    // RFC 9110, section 15: a final response has a status from 200 to 599.
    const int Lowest = 200;
    const int Highest = 599;

    readonly IReadOnlyList<(int Low, int High)> ranges;

    StatusSet(IReadOnlyList<(int Low, int High)> ranges) => this.ranges = ranges;

    /// <summary>What a set is, for messages.</summary>
    public static string Needed { get; } = string.Create(
        CultureInfo.InvariantCulture, $"statuses from {Lowest} to {Highest} and ranges of them, separated by commas, such as 200-299,404,");

    /// <summary>Reads a set.</summary>
    /// <returns>The set; null if the text is none.</returns>
    public static StatusSet? Find(string text)
    {
        var ranges = new List<(int Low, int High)>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || Read(ends[0]) is not { } low || Read(ends[^1]) is not { } high || low > high)
            {
                return null;
            }

            ranges.Add((low, high));
        }

        return new StatusSet(ranges);
    }

    /// <summary>Whether a status is in the set.</summary>
    public bool Contains(int status) => ranges.Any(range => status >= range.Low && status <= range.High);

    static int? Read(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= Lowest and <= Highest
            ? status
            : null;
}
