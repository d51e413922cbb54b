using Rollcall.Results;

namespace Rollcall.Cli.Client;

/// <summary>Finds where results end that arrive in pieces: at a line feed; in CSV, at one outside quotes (RFC 4180).</summary>
/// <param name="format">The format of the results.</param>
sealed class RecordEnds(ResultFormat format)
{
    bool isQuoted;

    /// <summary>Forgets an incomplete result.</summary>
    public void Reset() => isQuoted = false;

    /// <summary>Reads the next piece of a result.</summary>
    /// <returns>The length up to and including the end of the result; null if it continues after the piece.</returns>
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
