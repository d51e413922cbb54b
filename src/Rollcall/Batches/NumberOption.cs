using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Rollcall.Validation;

namespace Rollcall.Batches;

/// <summary>An option that is a number in a range.</summary>
/// <param name="name">See <see cref="OptionField.Name"/>.</param>
/// <param name="low">The lower end of the range.</param>
/// <param name="high">The upper end, inclusive; the type's maximum for no upper end.</param>
/// <param name="set">Sets the option. It is given null only if that is allowed.</param>
sealed class NumberOption<T>(string name, T low, T high, Func<BatchOptions, T?> get, Action<BatchOptions, T?> set) : OptionField(name)
    where T : struct, INumber<T>, IMinMaxValue<T>
{
    static readonly bool IsWhole = T.CreateTruncating(0.5) == T.Zero;

    /// <summary>Whether the lower end is exclusive.</summary>
    public bool IsAboveLow { get; init; }

    /// <summary>Whether null, which means no limit, is allowed.</summary>
    public bool IsNullable { get; init; }

    public override string Needed
    {
        get
        {
            string range = this switch
            {
                _ when high == T.MaxValue => string.Create(CultureInfo.InvariantCulture, $"of {low} or more"),
                { IsAboveLow: true } => string.Create(CultureInfo.InvariantCulture, $"above {low} and up to {high}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"from {low} to {high}"),
            };
            return $"a{(IsWhole ? " whole" : "")} number {range}";
        }
    }

    string Allowed
    {
        get
        {
            string range = this switch
            {
                _ when low == high => string.Create(CultureInfo.InvariantCulture, $"only {low}"),
                _ when high == T.MaxValue => string.Create(CultureInfo.InvariantCulture, $"{low} or more"),
                { IsAboveLow: true } => string.Create(CultureInfo.InvariantCulture, $"above {low} and up to {high}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"{low} to {high}"),
            };
            return $"{range}{(IsNullable ? ", or null," : "")} is allowed.";
        }
    }

    public override string? FindError(BatchOptions options) => get(options) is { } value ? FindError(value) : null;

    public override string? Read(JsonElement value, BatchOptions options)
    {
        if (value.ValueKind == JsonValueKind.Null && IsNullable)
        {
            set(options, null);
            return null;
        }

        return value.ValueKind == JsonValueKind.Number
            ? Read(value.GetRawText(), value.GetRawText(), options)
            : DescribeKind(JsonKind.Of(value));
    }

    public override string? Read(string value, BatchOptions options) => Read(value, $"'{value}'", options);

    public override string? FindText(BatchOptions options) => get(options)?.ToString(null, CultureInfo.InvariantCulture);

    string? Read(string text, string shown, BatchOptions options)
    {
        var style = IsWhole
            ? NumberStyles.AllowLeadingSign
            : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!T.TryParse(text, style, CultureInfo.InvariantCulture, out var value))
        {
            return DescribeKind(ShortText.Of(shown));
        }

        if (FindError(value) is { } error)
        {
            return error;
        }

        set(options, value);
        return null;
    }

    // The comparisons are false for NaN.
    string? FindError(T value)
    {
        bool isInRange = (IsAboveLow ? value > low : value >= low) && value <= high;
        return isInRange ? null : string.Create(CultureInfo.InvariantCulture, $"is {value}: {Allowed}");
    }

    string DescribeKind(string what) => $"is {what}: a{(IsWhole ? " whole" : "")} number is needed, and {Allowed}";
}
