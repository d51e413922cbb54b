using System.Globalization;

namespace Rollcall.Serialization;

/// <summary>A time as the beginning of a name, in 19 digits, so that names in ascending order are in the order of their times.</summary>
static class TimeKey
{
    /// <summary>How many digits a key has.</summary>
    public const int Length = 19;

    /// <summary>The key of a time.</summary>
    public static string Of(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>Reads a key.</summary>
    /// <returns>Its time; null if the text is no key.</returns>
    public static DateTimeOffset? Find(ReadOnlySpan<char> text) =>
        text.Length == Length
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
        && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    /// <summary>The time whose key stands for another time where the newest comes first. The opposite of it is that time again.</summary>
    public static DateTimeOffset OppositeOf(DateTimeOffset time) => new(DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks, TimeSpan.Zero);
}
