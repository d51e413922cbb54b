using Rollcall.Results;

namespace Rollcall.Cli.Client;

/// <summary>Finds where results end that come in pieces: at a line feed, and of CSV at one that is not within quotes (RFC 4180).</summary>
/// <param name="format">What they are given as.</param>
sealed class RecordEnds(ResultFormat format)
{
    bool isQuoted;

    /// <summary>Forgets a result that broke off.</summary>
    public void Reset() => isQuoted = false;

    /// <summary>Takes in what follows of a result.</summary>
    /// <returns>Its length up to its end and with that, or null where it goes on after the piece.</returns>
    public int? Find(ReadOnlySpan<byte> piece)
    {
        int at = 0;
        while (true)
        {
            var rest = piece[at..];
            int found = format == ResultFormat.Csv ? rest.IndexOfAny((byte)'\n', (byte)'"') : rest.IndexOf((byte)'\n');
            if (found < 0)
            {
                return null;
            }

            at += found + 1;
            if (rest[found] == (byte)'"')
            {
                // A quote within quotes is two of them.
                isQuoted = !isQuoted;
            }
            else if (!isQuoted)
            {
                return at;
            }
        }
    }
}
