using System.Text;
using Rollcall.Validation;

namespace Rollcall.Results;

/// <summary>Takes the input out of a result line, as much of it as fits in a cell, however long the body before it is.</summary>
sealed class InputCell
{
    // A character of three bytes is one UTF-16 code unit, which is the most bytes for its length.
    readonly LineEnd end = new(3 * (ResultRow.MaxCellLength + 1));
    readonly JsonScan body = new();
    bool hasBegun;
    bool isInBody;

    /// <summary>Takes the next bytes of the line.</summary>
    /// <param name="head">Its start: as much as is needed to find the body.</param>
    /// <param name="rest">What follows the start, or what was taken last.</param>
    /// <exception cref="InvalidDataException">The line is not a result line.</exception>
    public void Add(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        if (!hasBegun)
        {
            hasBegun = true;
            var place = ResultRow.FindPlace(head);
            isInBody = place is { Kind: not BodyKind.None };
            end.Begin(isAtInput: place is { Kind: BodyKind.None });
            body.Begin();
            body.Take(place is { Kind: BodyKind.Text or BodyKind.Base64 } ? "\""u8 : []);
            Add(place is { } found ? head[found.Start..] : []);
        }

        Add(rest);
    }

    /// <summary>Ends the line.</summary>
    /// <returns>The input as JSON; empty if the line has none.</returns>
    public string Finish()
    {
        hasBegun = false;
        return Encoding.UTF8.GetString(end.Input);
    }

    void Add(ReadOnlySpan<byte> piece)
    {
        if (isInBody)
        {
            int taken = body.Take(piece);
            isInBody = taken == piece.Length;
            piece = piece[taken..];
        }

        end.Add(piece);
    }
}
