using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Rollcall.Sending;

/// <summary>Decides whether bytes that arrive in pieces are valid UTF-8 together.</summary>
struct Utf8Check
{
    const int LongestRune = 4;

    Carry carry;
    int carried;
    bool isInvalid;

    /// <summary>Adds the next piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        while (carried > 0 && piece.Length > 0 && !isInvalid)
        {
            carry[carried++] = piece[0];
            piece = piece[1..];
            var status = Rune.DecodeFromUtf8(carry[..carried], out _, out _);
            isInvalid = status == OperationStatus.InvalidData;
            carried = status == OperationStatus.Done ? 0 : carried;
        }

        if (isInvalid || piece.IsEmpty)
        {
            return;
        }

        int tail = IncompleteTail(piece);
        isInvalid = !Utf8.IsValid(piece[..^tail]);
        piece[^tail..].CopyTo(carry);
        carried = tail;
    }

    /// <summary>Whether all pieces together are valid.</summary>
    public readonly bool IsValid => !isInvalid && carried == 0;

    static int IncompleteTail(ReadOnlySpan<byte> piece)
    {
        for (int length = 1; length < LongestRune && length <= piece.Length; length++)
        {
            if ((piece[^length] & 0xC0) != 0x80)
            {
                return Rune.DecodeFromUtf8(piece[^length..], out _, out _) == OperationStatus.NeedMoreData ? length : 0;
            }
        }

        return 0;
    }

    [System.Runtime.CompilerServices.InlineArray(LongestRune)]
    struct Carry
    {
        byte first;
    }
}
