using System.Text;

namespace Rollcall.Sending;

/// <summary>The headers of a response that a batch keeps.</summary>
static class KeptHeaders
{
    /// <summary>The most bytes of all values of a response together. They pass through the orchestration's history.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Reads the headers.</summary>
    /// <param name="names">Their names, in lower case.</param>
    /// <returns>
    /// The value of each header that the response has, by name, several lines joined by commas (RFC 9110, section 5.3); null as the value
    /// of one that does not fit. Null if none is to be kept.
    /// </returns>
    public static IReadOnlyDictionary<string, string?>? Of(HttpResponseMessage response, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return null;
        }

        var kept = new Dictionary<string, string?>(StringComparer.Ordinal);
        int left = MaxBytes;
        foreach (string name in names)
        {
            if (!response.Headers.NonValidated.TryGetValues(name, out var values)
                && !response.Content.Headers.NonValidated.TryGetValues(name, out values))
            {
                continue;
            }

            string value = HeadText.Of(string.Join(", ", values));
            int bytes = Encoding.UTF8.GetByteCount(value);
            kept[name] = bytes <= left ? value : null;
            left -= bytes <= left ? bytes : 0;
        }

        return kept;
    }
}
