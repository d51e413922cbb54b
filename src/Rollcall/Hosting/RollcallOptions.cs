namespace Rollcall.Hosting;

/// <summary>Settings of a host, under <c>Rollcall</c> (<c>Rollcall__LiveItems</c> as an environment variable).</summary>
public sealed class RollcallOptions
{
    /// <summary>
    /// How many items of a batch are live at once, and so lie in queues, whatever the batch's concurrency asks for: 1 to 100,000. Azurite
    /// slows down as its queues grow, which the default allows for; on Azure a higher number keeps more instances busy.
    /// </summary>
    public int LiveItems { get; set; } = 200;
}
