using System.Globalization;

namespace Rollcall.Cli.Running;

/// <summary>
/// How many files and connections this process may have open. .NET has raised the soft limit to the hard one by the time it starts.
/// </summary>
static class OpenFileLimit
{
    // What a run has open besides: 175, of which 150 are assemblies, and more with TLS and compressed bodies.
    const int Own = 220;

    // With fewer the runtime itself ends the process sooner or later.
    const int Fewest = 240;

    // A connection, and a file for a large body.
    const int PerItem = 2;

    // What a server has open besides what it sends with: the database, the items of 32 batches, and files that are open for a moment.
    const int OfServer = 150;
    const int MostCallers = 1000;
    const int FewestCallers = 16;

    const string Limits = "/proc/self/limits";
    const string Label = "Max open files";

    /// <summary>How many items can be in flight at once.</summary>
    /// <param name="concurrency">How many are asked for.</param>
    /// <param name="note">Told in a sentence where there are fewer.</param>
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
                $"This process may have {limit} files and connections open (ulimit -n), and needs at least {Fewest}.");
        }

        int most = Math.Max(1, (limit - Own) / PerItem);
        if (most >= concurrency)
        {
            return concurrency;
        }

        note(
            $"At most {most} items are in flight at once, not {concurrency}, because this process may have {limit} files and connections "
            + "open (ulimit -n).");
        return most;
    }

    /// <summary>
    /// How many callers of a server may be connected at once, so that what sends and what stores always has descriptors left: callers that
    /// do nothing with their connections must not be what ends the server.
    /// </summary>
    /// <param name="concurrency">How many items are in flight at once.</param>
    public static int CallersBeside(int concurrency) =>
        Read() is { } limit ? Math.Clamp(limit - OfServer - (PerItem * concurrency), FewestCallers, MostCallers) : MostCallers;

    /// <summary>The limit; null where there is none, or it cannot be found out.</summary>
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
