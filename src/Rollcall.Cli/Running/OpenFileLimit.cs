using System.Globalization;

namespace Rollcall.Cli.Running;

/// <summary>
/// The limit of open files and connections of this process. At startup, .NET raises the soft limit to the hard limit.
/// </summary>
static class OpenFileLimit
{
    // What a run has open besides its items: 175, of which 150 are assemblies, and more with TLS and compressed bodies.
    const int Own = 220;

    // With fewer, the runtime itself sooner or later ends the process.
    const int Fewest = 240;

    // A connection, and a file if the body is large.
    const int PerItem = 2;

    // What a server has open besides its items in flight: the database, the items of 32 batches, and files that are open briefly.
    const int OfServer = 150;
    const int MostCallers = 1000;
    const int FewestCallers = 16;

    const string Limits = "/proc/self/limits";
    const string Label = "Max open files";

    /// <summary>The number of items that can be in flight at once.</summary>
    /// <param name="concurrency">The requested number.</param>
    /// <param name="note">Receives a sentence if the limit is lower.</param>
    /// <returns>The number, at most <paramref name="concurrency"/>.</returns>
    /// <exception cref="CliException">The limit is too low for anything.</exception>
    public static int Cap(int concurrency, Action<string> note)
    {
        if (Read() is not { } limit)
        {
            return concurrency;
        }

        if (limit < Fewest)
        {
            throw CliException.NotFinished(
                $"This process may open at most {limit} files and connections (ulimit -n), but needs at least {Fewest}.");
        }

        int most = Math.Max(1, (limit - Own) / PerItem);
        if (most >= concurrency)
        {
            return concurrency;
        }

        note(
            $"At most {most} items are in flight at once, not {concurrency}, because this process may open at most {limit} files and "
            + "connections (ulimit -n).");
        return most;
    }

    /// <summary>
    /// How many callers of a server may be connected at once, so that sending and storing always have descriptors left: idle connections
    /// must not bring the server down.
    /// </summary>
    /// <param name="concurrency">How many items are in flight at once.</param>
    public static int CallersBeside(int concurrency) =>
        Read() is { } limit ? Math.Clamp(limit - OfServer - (PerItem * concurrency), FewestCallers, MostCallers) : MostCallers;

    /// <summary>The limit; null if there is none, or it is not known.</summary>
    static int? Read() =>
        File.Exists(Limits) && File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal)) is { } line
            && int.TryParse(
                line[Label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int limit)
            ? limit
            : null;
}
