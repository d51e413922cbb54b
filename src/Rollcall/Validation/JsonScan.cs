using System.Buffers;

namespace Rollcall.Validation;

/// <summary>
/// Recognizes one JSON value (RFC 8259) in bytes that arrive in pieces, with constant memory however long its strings are. It does not
/// check that strings are UTF-8, and does not compare names.
/// </summary>
/// <param name="maxDepth">The most levels of a value that is recognized.</param>
sealed class JsonScan(int maxDepth = JsonScan.MaxDepth)
{
    /// <summary>The most levels unless others are given.</summary>
    public const int MaxDepth = 256;

    static readonly SearchValues<byte> StringEnds =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    readonly bool[] areObjects = new bool[maxDepth];
    Expected expected;
    ReadOnlyMemory<byte> literal;
    int depth;
    int hexLeft;
    bool isName;

    enum Expected
    {
        Value,
        FirstElement,
        FirstName,
        Name,
        Colon,
        End,
        Text,
        Escape,
        Hex,
        Literal,
        AfterMinus,
        AfterZero,
        Digits,
        FirstFraction,
        Fraction,
        ExponentSign,
        FirstExponent,
        Exponent,
        Nothing,
    }

    /// <summary>Whether what was taken is a whole value, and nothing else but white space.</summary>
    public bool IsWhole => depth == 0 && (expected == Expected.End || IsNumberWhole);

    bool IsNumberWhole => expected is Expected.AfterZero or Expected.Digits or Expected.Fraction or Expected.Exponent;

    /// <summary>Begins another value.</summary>
    public void Begin() => (expected, depth) = (Expected.Value, 0);

    /// <summary>Takes the next bytes, including white space around the value.</summary>
    /// <returns>How many bytes were taken: fewer than there are if what follows does not belong to the value.</returns>
    public int Take(ReadOnlySpan<byte> piece)
    {
        int at = 0;
        while (at < piece.Length)
        {
            if (expected == Expected.Text)
            {
                int run = piece[at..].IndexOfAny(StringEnds);
                at = run < 0 ? piece.Length : at + run;
                if (at == piece.Length)
                {
                    break;
                }
            }

            if (!TryTake(piece[at]))
            {
                return at;
            }

            at++;
        }

        return at;
    }

    bool TryTake(byte next)
    {
        if (IsNumberWhole && !IsOfNumber(next))
        {
            expected = Expected.End;
        }

        if (next is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' && expected <= Expected.End)
        {
            return true;
        }

        if (expected == Expected.End && depth == 0)
        {
            return false;
        }

        expected = After(next);
        return expected != Expected.Nothing;
    }

    bool IsOfNumber(byte next) => next switch
    {
        >= (byte)'0' and <= (byte)'9' => expected != Expected.AfterZero,
        (byte)'.' => expected is Expected.AfterZero or Expected.Digits,
        (byte)'e' or (byte)'E' => expected != Expected.Exponent,
        _ => false,
    };

    Expected After(byte next) => (expected, next) switch
    {
        (Expected.FirstElement or Expected.End, (byte)']') => Close(isObject: false),
        (Expected.FirstName or Expected.End, (byte)'}') => Close(isObject: true),
        (Expected.Value or Expected.FirstElement, _) => Begin(next),
        (Expected.FirstName or Expected.Name, (byte)'"') => BeginText(isOfName: true),
        (Expected.Colon, (byte)':') => Expected.Value,
        (Expected.End, (byte)',') => areObjects[depth - 1] ? Expected.Name : Expected.Value,
        (Expected.Text, (byte)'"') => isName ? Expected.Colon : Expected.End,
        (Expected.Text, (byte)'\\') => Expected.Escape,
        (Expected.Escape, (byte)'u') => Hex(4),
        (Expected.Escape, (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t') =>
            Expected.Text,
        (Expected.Hex, _) when char.IsAsciiHexDigit((char)next) => Hex(hexLeft - 1),
        (Expected.Literal, _) when next == literal.Span[0] => Literal(literal[1..]),
        (Expected.AfterMinus, (byte)'0') => Expected.AfterZero,
        (Expected.AfterMinus, >= (byte)'1' and <= (byte)'9') => Expected.Digits,
        (Expected.AfterZero or Expected.Digits, (byte)'.') => Expected.FirstFraction,
        (Expected.AfterZero or Expected.Digits or Expected.Fraction, (byte)'e' or (byte)'E') => Expected.ExponentSign,
        (Expected.Digits, >= (byte)'0' and <= (byte)'9') => Expected.Digits,
        (Expected.FirstFraction or Expected.Fraction, >= (byte)'0' and <= (byte)'9') => Expected.Fraction,
        (Expected.ExponentSign, (byte)'+' or (byte)'-') => Expected.FirstExponent,
        (Expected.ExponentSign or Expected.FirstExponent or Expected.Exponent, >= (byte)'0' and <= (byte)'9') => Expected.Exponent,
        _ => Expected.Nothing,
    };

    Expected Begin(byte next) => next switch
    {
        (byte)'{' => Open(isObject: true),
        (byte)'[' => Open(isObject: false),
        (byte)'"' => BeginText(isOfName: false),
        (byte)'t' => Literal("rue"u8.ToArray()),
        (byte)'f' => Literal("alse"u8.ToArray()),
        (byte)'n' => Literal("ull"u8.ToArray()),
        (byte)'-' => Expected.AfterMinus,
        (byte)'0' => Expected.AfterZero,
        >= (byte)'1' and <= (byte)'9' => Expected.Digits,
        _ => Expected.Nothing,
    };

    Expected Open(bool isObject)
    {
        if (depth == maxDepth)
        {
            return Expected.Nothing;
        }

        areObjects[depth++] = isObject;
        return isObject ? Expected.FirstName : Expected.FirstElement;
    }

    Expected Close(bool isObject)
    {
        if (depth == 0 || areObjects[depth - 1] != isObject)
        {
            return Expected.Nothing;
        }

        depth--;
        return Expected.End;
    }

    Expected BeginText(bool isOfName)
    {
        isName = isOfName;
        return Expected.Text;
    }

    Expected Hex(int left)
    {
        hexLeft = left;
        return left == 0 ? Expected.Text : Expected.Hex;
    }

    Expected Literal(ReadOnlyMemory<byte> left)
    {
        literal = left;
        return left.IsEmpty ? Expected.End : Expected.Literal;
    }
}
