using System.Buffers;

namespace Rollcall.Intake;

/// <summary>What a value of a CSV file is as JSON.</summary>
static class CsvCell
{
    /// <summary>The most digits of a number: a binary64 (IEEE 754), as which most programs read JSON, keeps every 15 of them.</summary>
    public const int MaxDigits = 15;

    static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(code => (byte)code), (byte)'"', (byte)'\\']);

    /// <summary>
    /// Whether a value is a JSON number in its only form: no exponent, no leading or trailing zero, no minus zero, at most
    /// <see cref="MaxDigits"/> digits. Everything else, such as <c>00123</c>, <c>1.0</c> and <c>1e5</c>, may be a code that must stay as it
    /// is.
    /// </summary>
    public static bool IsNumber(ReadOnlySpan<byte> value)
    {
        var digits = value is [(byte)'-', ..] ? value[1..] : value;
        int whole = CountDigits(digits);
        if (whole == 0 || (whole > 1 && digits[0] == '0'))
        {
            return false;
        }

        if (whole == digits.Length)
        {
            return whole <= MaxDigits && !value.SequenceEqual("-0"u8);
        }

        var fraction = digits[(whole + 1)..];
        return digits[whole] == '.'
            && fraction.Length > 0
            && CountDigits(fraction) == fraction.Length
            && fraction[^1] != '0'
            && whole + fraction.Length <= MaxDigits;
    }

    /// <summary>Whether a value is a JSON boolean.</summary>
    public static bool IsBoolean(ReadOnlySpan<byte> value) => value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8);

    /// <summary>Writes a value as a JSON string.</summary>
    /// <param name="value">Valid UTF-8.</param>
    public static void WriteString(ReadOnlySpan<byte> value, IBufferWriter<byte> json)
    {
        json.Write("\""u8);
        int special;
        while ((special = value.IndexOfAny(Escaped)) >= 0)
        {
            json.Write(value[..special]);
            WriteEscape(value[special], json);
            value = value[(special + 1)..];
        }

        json.Write(value);
        json.Write("\""u8);
    }

    // RFC 8259, section 7.
    static void WriteEscape(byte character, IBufferWriter<byte> json)
    {
        switch (character)
        {
            case (byte)'"':
                json.Write("\\\""u8);
                break;
            case (byte)'\\':
                json.Write("\\\\"u8);
                break;
            case (byte)'\n':
                json.Write("\\n"u8);
                break;
            case (byte)'\r':
                json.Write("\\r"u8);
                break;
            case (byte)'\t':
                json.Write("\\t"u8);
                break;
            default:
                json.Write("\\u00"u8);
                json.Write([HexOf(character >> 4), HexOf(character & 0xF)]);
                break;
        }
    }

    static byte HexOf(int digit) => "0123456789abcdef"u8[digit];

    static int CountDigits(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? end : text.Length;
}
