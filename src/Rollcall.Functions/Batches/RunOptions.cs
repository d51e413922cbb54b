namespace Rollcall.Functions.Batches;

/// <summary>Settings of the Function App, under <c>Rollcall</c> (<c>Rollcall__LiveItems</c> as an environment variable).</summary>
sealed class RunOptions
{
    /// <summary>
    /// How many items of a batch are live at once, and so lie in queues: rounded up to whole shards. Azurite slows down as its queues
    /// grow, which the default allows for; on Azure a higher number keeps more instances busy.
    /// </summary>
    public int LiveItems { get; set; } = 200;
}
