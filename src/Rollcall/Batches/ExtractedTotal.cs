using System.Text.Json;

namespace Rollcall.Batches;

/// <summary>The total of an extracted value over all items.</summary>
/// <param name="Items">In how many items the value is a number.</param>
/// <param name="Sum">
/// The sum of these numbers: exact for whole numbers, and otherwise to 28 digits; null if it, or one of them, is 2^96 (about 7.9E28) or
/// more.
/// </param>
public sealed record ExtractedTotal(long Items, decimal? Sum)
{
    internal ExtractedTotal With(JsonElement number)
    {
        try
        {
            return new ExtractedTotal(Items + 1, number.TryGetDecimal(out decimal value) ? Sum + value : null);
        }
        catch (OverflowException)
        {
            return new ExtractedTotal(Items + 1, Sum: null);
        }
    }
}
