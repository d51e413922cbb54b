using System.Globalization;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Cli.Terminal;

/// <summary>Describes counts of outcomes.</summary>
static class CountsText
{
    // Items that were not sent are counted separately.
    static readonly string[] NotSent = [KebabCase.Of(ItemErrorCode.Cancelled), KebabCase.Of(ItemErrorCode.Expired)];

    /// <summary>
    /// What did not succeed, such as <c>12 failed (http-status 10, timeout 2)</c> and <c>3 cancelled</c>. Empty if all did.
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

    /// <summary>The failures by code, in parentheses after a space; empty if there are none.</summary>
    public static string OfCodes(OutcomeCounts counts)
    {
        var codes = counts.ByErrorCode.Where(code => !NotSent.Contains(code.Key)).Select(code => $"{code.Key} {Of(code.Value)}").ToList();
        return codes.Count == 0 ? "" : $" ({string.Join(", ", codes)})";
    }

    /// <summary>A number with thousands separators.</summary>
    public static string Of(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
