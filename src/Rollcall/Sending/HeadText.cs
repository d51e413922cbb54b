using System.Text;

namespace Rollcall.Sending;

/// <summary>Text in the head of a response, whose encoding nothing specifies.</summary>
static class HeadText
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// A text that the HTTP client has read as Latin-1: a reason phrase (RFC 9112, section 4) or the value of a header (RFC 9110, section
    /// 5.5). One that is valid UTF-8 was meant as UTF-8.
    /// </summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(text));
        }
        catch (DecoderFallbackException)
        {
            return text;
        }
    }
}
