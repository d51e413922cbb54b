using System.Globalization;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Cli.Terminal;

/// <summary>Says counts of outcomes in words.</summary>
static class CountsText
{
    // They stand for items that were not sent, which are counted on their own.
    static readonly string[] NotSent = [KebabCase.Of(ItemErrorCode.Cancelled), KebabCase.Of(ItemErrorCode.Expired)];

    /// <summary>
    /// What did not succeed, such as <c>12 failed (http-status 10, timeout 2)</c> and <c>3 cancelled</c>. Nothing where all did.
    /// </summary>
    public static IEnumerable<string> OfOthers(OutcomeCounts counts)
    {
        if (counts.Failed > 0)
        {
            yield return $"{Of(counts.Failed)} failed{OfCodes(counts)}";
        }

        if (counts.Cancelled > 0)
        {
            yield return $"{Of(counts.Cancelled)} cancelled";
        }

        if (counts.Expired > 0)
        {
            yield return $"{Of(counts.Expired)} expired";
        }
    }

    /// <summary>The failures by code, in brackets after a space; nothing where there are none.</summary>
    public static string OfCodes(OutcomeCounts counts)
    {
        var codes = counts.ByErrorCode.Where(code => !NotSent.Contains(code.Key)).Select(code => $"{code.Key} {Of(code.Value)}").ToList();
        return codes.Count == 0 ? "" : $" ({string.Join(", ", codes)})";
    }

    /// <summary>A number with its thousands apart.</summary>
    public static string Of(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
