using Rollcall.Validation;

namespace Rollcall.Results;

/// <summary>What follows the body in a result line: its closing brace, and the item's input before it if the batch has that.</summary>
/// <param name="mostKept">How many bytes of the input to keep.</param>
sealed class LineEnd(int mostKept = 0)
{
    readonly byte[] kept = new byte[mostKept];

    // The body of a request is one level down in its input.
    readonly JsonScan input = new(JsonScan.MaxDepth + 1);
    int matched;
    int keptLength;
    State state;

    enum State
    {
        Name,
        Input,
        Ended,
        Broken,
    }

    static ReadOnlySpan<byte> Name => ",\"input\":"u8;

    /// <summary>Whether the line is whole.</summary>
    public bool IsWhole => state == State.Ended;

    /// <summary>The start of the input, as JSON.</summary>
    public ReadOnlySpan<byte> Input => kept.AsSpan(0, keptLength);

    /// <summary>Begins the end of another line.</summary>
    /// <param name="isAtInput">Whether the name of the input is over.</param>
    public void Begin(bool isAtInput = false)
    {
        (matched, keptLength, state) = (0, 0, isAtInput ? State.Input : State.Name);
        input.Begin();
    }

    /// <summary>Takes the next bytes of the line.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        while (piece.Length > 0 && state != State.Broken)
        {
            int taken = state == State.Input ? input.Take(piece) : 0;
            int part = Math.Min(taken, mostKept - keptLength);
            piece[..part].CopyTo(kept.AsSpan(keptLength));
            keptLength += part;
            piece = piece[taken..];
            if (piece.Length > 0)
            {
                TakeByte(piece[0]);
                piece = piece[1..];
            }
        }
    }

    void TakeByte(byte next)
    {
        if (next == (byte)'}' && ((state == State.Name && matched == 0) || (state == State.Input && input.IsWhole)))
        {
            state = State.Ended;
        }
        else if (state == State.Name && next == Name[matched])
        {
            matched++;
            state = matched == Name.Length ? State.Input : State.Name;
        }
        else
        {
            state = State.Broken;
        }
    }
}
