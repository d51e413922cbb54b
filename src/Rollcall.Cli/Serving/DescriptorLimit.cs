using System.Globalization;

namespace Rollcall.Cli.Serving;

/// <summary>How many file descriptors this process may have, and how many of them are for connections of callers.</summary>
static class DescriptorLimit
{
    // The database, the items of 32 batches, and files that are open for a moment.
    const int OfStorage = 150;
    const int MostConnections = 1000;
    const int FewestConnections = 16;

    /// <summary>
    /// How many callers may be connected at once, so that what sends and what stores always has descriptors left: callers that do nothing with
    /// their connections must not be what ends the server.
    /// </summary>
    /// <param name="concurrency">How many items are in flight at once: each has a connection, and may have a body that it is written to.</param>
    public static int ConnectionsFor(int concurrency) =>
        (int)Math.Clamp(Read() - OfStorage - (2L * concurrency), FewestConnections, MostConnections);

    // proc_pid_limits(5): "Max open files", the soft limit, the hard one, and the unit. The runtime has raised the one to the other.
    static long Read() => OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) is { } limits
        && long.TryParse(limits.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], NumberStyles.None, CultureInfo.InvariantCulture, out long most)
            ? most
            : long.MaxValue / 2;
}
