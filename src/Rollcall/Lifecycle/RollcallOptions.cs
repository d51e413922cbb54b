using System.Globalization;
using Rollcall.Batches;
using Rollcall.Sending;

namespace Rollcall.Lifecycle;

/// <summary>Settings of a host, under <c>Rollcall</c> (<c>Rollcall__LiveItems</c> as an environment variable).</summary>
public sealed class RollcallOptions
{
    /// <summary>The default of <see cref="Intakes"/>.</summary>
    public const int DefaultIntakes = 32;

    /// <summary>The maximum of <see cref="RetentionDays"/>.</summary>
    public const int MaxRetentionDays = 36_500;

    /// <summary>
    /// How many items of a batch are live at once, and so are in queues, whatever concurrency the batch asks for: 1 to 100,000. The default
    /// allows for Azurite, which slows down as its queues grow; on Azure a higher number keeps more instances busy.
    /// </summary>
    public int LiveItems { get; set; } = 200;

    /// <summary>The number of items per shard of a new batch: 1 to 10,000. A shard's outcomes are written, and counted, together.</summary>
    public int ItemsPerShard { get; set; } = BatchManifest.DefaultItemsPerShard;

    /// <summary>
    /// The addresses that the Function App sends to in addition to public ones: see <see cref="AddressCheck.Parse"/>. The services that
    /// clouds provide for the machine itself are always refused.
    /// </summary>
    public string PrivateTargets { get; set; } = "";

    /// <summary>
    /// The containers that the <c>itemsBlob</c> of a batch may be in, separated by commas. Containers of the platform and of Rollcall are
    /// never allowed.
    /// </summary>
    public string ItemsContainers { get; set; } = "rollcall-items";

    /// <summary>
    /// The queues that the notice of a batch's end may go to, separated by commas. Queues of the platform and of Rollcall are never
    /// allowed.
    /// </summary>
    public string NoticeQueues { get; set; } = "rollcall-notices";

    /// <summary>
    /// How many requests that start a batch one process reads at once: 1 to 1,000. Each may hold 64 MiB of JSON in memory, and several
    /// times that while it is parsed.
    /// </summary>
    public int Intakes { get; set; } = DefaultIntakes;

    /// <summary>How often a batch whose orchestration failed is repaired before it fails permanently: 0 to 100.</summary>
    public int MaxRepairs { get; set; } = 3;

    /// <summary>
    /// The number of days after which an ended batch, or a rejected request, is deleted with all its data: above 0, at most 36,500,
    /// fractions allowed. Null for never.
    /// </summary>
    public double? RetentionDays { get; set; }

    /// <summary>Whether the Function App has <c>POST /api/echo</c>, a target to try the app with.</summary>
    public bool EchoTarget { get; set; }

    /// <summary>Checks that the settings are in range.</summary>
    /// <returns>These settings.</returns>
    /// <exception cref="InvalidOperationException">One is not. The message says which one and what is allowed.</exception>
    public RollcallOptions Validate()
    {
        if (LiveItems is < 1 or > 100_000)
        {
            throw new InvalidOperationException($"Rollcall__LiveItems is {LiveItems}: 1 to 100000 is allowed.");
        }

        if (ItemsPerShard is < 1 or > 10_000)
        {
            throw new InvalidOperationException($"Rollcall__ItemsPerShard is {ItemsPerShard}: 1 to 10000 is allowed.");
        }

        if (Intakes is < 1 or > 1_000)
        {
            throw new InvalidOperationException($"Rollcall__Intakes is {Intakes}: 1 to 1000 is allowed.");
        }

        if (RetentionDays is { } days && !(days > 0 && days <= MaxRetentionDays))
        {
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Rollcall__RetentionDays is {days}: above 0 to {MaxRetentionDays} is allowed, or nothing to keep batches for good."));
        }

        if (MaxRepairs is < 0 or > 100)
        {
            throw new InvalidOperationException($"Rollcall__MaxRepairs is {MaxRepairs}: 0 to 100 is allowed.");
        }

        return this;
    }
}
