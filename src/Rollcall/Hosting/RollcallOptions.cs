using Rollcall.Batches;

namespace Rollcall.Hosting;

/// <summary>Settings of a host, under <c>Rollcall</c> (<c>Rollcall__LiveItems</c> as an environment variable).</summary>
public sealed class RollcallOptions
{
    /// <summary>
    /// How many items of a batch are live at once, and so lie in queues, whatever the batch's concurrency asks for: 1 to 100,000. Azurite
    /// slows down as its queues grow, which the default allows for; on Azure a higher number keeps more instances busy.
    /// </summary>
    public int LiveItems { get; set; } = 200;

    /// <summary>How many items a shard of a new batch has: 1 to 10,000. A shard's outcomes are written, and counted, together.</summary>
    public int ItemsPerShard { get; set; } = BatchManifest.DefaultItemsPerShard;

    /// <summary>
    /// Whether the Function App sends to addresses that are not public. The services that clouds have for the machine itself are refused
    /// either way.
    /// </summary>
    public PrivateTargets PrivateTargets { get; set; } = PrivateTargets.Refuse;

    /// <summary>How often a batch whose orchestration failed is taken up again before it fails for good: 0 to 100.</summary>
    public int MaxRepairs { get; set; } = 3;

    /// <summary>Requires that the settings are in range.</summary>
    /// <returns>These settings.</returns>
    /// <exception cref="InvalidOperationException">One is not, with a sentence that says which and what is allowed.</exception>
    public RollcallOptions Validate()
    {
        if (LiveItems is < 1 or > 100_000)
        {
            throw new InvalidOperationException($"Rollcall__LiveItems is {LiveItems}: 1 to 100000 is allowed.");
        }

        if (!Enum.IsDefined(PrivateTargets))
        {
            throw new InvalidOperationException($"{Sending.AddressCheck.Setting} is {PrivateTargets}: allow and refuse are allowed.");
        }

        if (ItemsPerShard is < 1 or > 10_000)
        {
            throw new InvalidOperationException($"Rollcall__ItemsPerShard is {ItemsPerShard}: 1 to 10000 is allowed.");
        }

        return MaxRepairs is >= 0 and <= 100
            ? this
            : throw new InvalidOperationException($"Rollcall__MaxRepairs is {MaxRepairs}: 0 to 100 is allowed.");
    }
}
