using System.Text;

namespace Rollcall.Sending;

/// <summary>The reason phrase of a status line.</summary>
static class ReasonPhrase
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The phrase of a response. RFC 9112 (section 4) does not specify its encoding, and the HTTP client reads Latin-1: a phrase that is
    /// valid UTF-8 was meant as UTF-8.
    /// </summary>
    public static string? Of(HttpResponseMessage response)
    {
        if (response.ReasonPhrase is not { } phrase || Ascii.IsValid(phrase))
        {
            return response.ReasonPhrase;
        }

        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(phrase));
        }
        catch (DecoderFallbackException)
        {
            return phrase;
        }
    }
}
