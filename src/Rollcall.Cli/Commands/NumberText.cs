using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Rollcall.Batches;
using Rollcall.Validation;

namespace Rollcall.Cli.Commands;

/// <summary>Reads the numbers of options, with error messages in the words of the command line.</summary>
static class NumberText
{
    /// <summary>A parser for one of a batch's options, which itself knows what is allowed.</summary>
    /// <param name="field">The option's name: see <see cref="OptionField.Name"/>.</param>
    /// <param name="unit">What is counted; null if the name says it.</param>
    public static Func<ArgumentResult, T> OfBatch<T>(string field, string? unit = null)
        where T : struct, INumber<T>
    {
        var option = OptionField.All.Single(option => option.Name == field);
        return Parser<T>(unit is null ? option.Needed : $"{option.Needed}, {unit},", text => option.Read(text, new BatchOptions()) is null);
    }

    /// <summary>A parser for one of a batch's options that is a text.</summary>
    /// <param name="field">The option's name: see <see cref="OptionField.Name"/>.</param>
    public static Func<ArgumentResult, T> TextOfBatch<T>(string field)
        where T : class? => result =>
        {
            string text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
            if (OptionField.All.Single(option => option.Name == field).Read(text, new BatchOptions()) is { } error)
            {
                result.AddError($"{NameOf(result)} {error}");
            }

            return (T)(object)text;
        };

    /// <summary>A parser for a number in a range that includes both ends.</summary>
    public static Func<ArgumentResult, T> From<T>(T low, T high)
        where T : struct, INumber<T>, IMinMaxValue<T> => Parser<T>(
            string.Create(
                CultureInfo.InvariantCulture,
                $"a whole number {(high == T.MaxValue ? $"of {low} or more" : $"from {low} to {high}")}"),
            text => T.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high);

    /// <summary>The same for an option that may be missing.</summary>
    public static Func<ArgumentResult, T?> OrNull<T>(Func<ArgumentResult, T> parser)
        where T : struct => result => parser(result);

    /// <summary>A parser for a number.</summary>
    /// <param name="needed">What is allowed, as the subject of "is needed".</param>
    /// <param name="isAllowed">Whether a text is such a number.</param>
    public static Func<ArgumentResult, T> Parser<T>(string needed, Predicate<string> isAllowed)
        where T : struct, INumber<T> => result =>
        {
            string text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
            if (isAllowed(text) && T.TryParse(text, CultureInfo.InvariantCulture, out var value))
            {
                return value;
            }

            Refuse(result, text, needed);
            return default;
        };

    /// <summary>Adds an error for a value that is not allowed.</summary>
    /// <param name="result">Where the value was given.</param>
    /// <param name="needed">What is allowed, as the subject of "is needed".</param>
    public static void Refuse(ArgumentResult result, string text, string needed) =>
        result.AddError($"{NameOf(result)} is '{ShortText.Of(text)}': {needed} is needed.");

    static string NameOf(ArgumentResult result) => result.Parent is OptionResult option ? option.Option.Name : $"<{result.Argument.Name}>";
}
