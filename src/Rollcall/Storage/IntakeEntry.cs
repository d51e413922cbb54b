using System.Globalization;
using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>A catalog's note of a set of items that an intake is storing. It is removed when the intake ends, however it ends.</summary>
/// <param name="BatchId">The batch that the items are for.</param>
/// <param name="StartedAt">When the intake began.</param>
public sealed record IntakeEntry(string BatchId, string ItemsName, DateTimeOffset StartedAt)
{
    const int TicksLength = 19;

    /// <summary>The note's key. Ascending order of keys is the order from the oldest note to the newest.</summary>
    public string Key { get; } = $"{KeyAt(StartedAt)}-{ItemsName}-{BatchId}";

    /// <summary>A key that sorts after all intakes that began before a time and before all others.</summary>
    public static string KeyAt(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>Reads a key.</summary>
    /// <returns>The note, or null if the text is not a key.</returns>
    public static IntakeEntry? Parse(string key)
    {
        string[] parts = key.Split('-', 3);
        return parts.Length == 3
            && parts[0].Length == TicksLength
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && BatchManifest.IsValidId(parts[2])
            ? new IntakeEntry(parts[2], parts[1], new DateTimeOffset(ticks, TimeSpan.Zero))
            : null;
    }
}
