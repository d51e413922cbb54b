using System.Globalization;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>
/// Checks the items of an input one after the other, and collects what is wrong with them, so that a user learns of all of it at once.
/// After the first error no item is passed on.
/// </summary>
/// <param name="options">What the items must be like.</param>
/// <param name="unit">What the input has many of: "lines".</param>
/// <param name="id">Finds an item's id in its payload; null if the format itself says it.</param>
/// <param name="rule">Changes each item; null for none.</param>
sealed class ItemCheck(InputOptions options, string unit, ItemId? id, ItemRule? rule)
{
    readonly InputErrorList errors = new();
    readonly SeenIds ids = new();
    long blanks;
    bool isTooLarge;

    /// <summary>The number of items so far, right or wrong.</summary>
    public long Count { get; private set; }

    /// <summary>Whether there are as many items as the options allow.</summary>
    public bool IsDone => Count >= options.Limit;

    /// <summary>Takes the next item.</summary>
    /// <param name="line">The number of its first line, from 1.</param>
    /// <returns>The item to pass on; null if it was refused, or an earlier one was.</returns>
    public BatchItem? Take(long line, BatchItem item)
    {
        string? error = (id is null ? null : FindId(ref item)) ?? FindDouble(item, line) ?? Apply(ref item);
        if (error is not null)
        {
            Refuse(line, error);
            return null;
        }

        Count++;
        return errors.Count == 0 ? item : null;
    }

    /// <summary>Refuses the next item.</summary>
    /// <param name="line">The number of its line, from 1.</param>
    /// <param name="error">What is wrong, as the rest of a sentence whose subject is the line.</param>
    public void Refuse(long line, string error)
    {
        Count++;
        errors.Add(InputError.AtLine(line, error));
    }

    /// <summary>Refuses an item that is too large.</summary>
    public void RefuseLarge(long line)
    {
        isTooLarge = true;
        Refuse(line, $"is longer than {BatchItem.MaxPayloadBytes} bytes, the largest payload.");
    }

    /// <summary>Refuses a blank line, which is no item.</summary>
    public void RefuseBlank(long line, string error)
    {
        blanks++;
        errors.Add(InputError.AtLine(line, error));
    }

    /// <summary>Ends the check.</summary>
    /// <exception cref="InvalidInputException">Something was refused, or there is no item.</exception>
    public void Finish()
    {
        if (errors.Count > 0)
        {
            throw new InvalidInputException($"{errors.Count} of {Count + blanks} {unit}s cannot be sent.", errors.First, errors.Count)
            {
                IsTooLarge = isTooLarge,
            };
        }

        if (Count == 0)
        {
            throw InvalidInputException.OfAll($"has no {unit}, so there is nothing to send.");
        }
    }

    string? FindId(ref BatchItem item)
    {
        string? error = id!.Find(item.Payload.Span, out string? found);
        item = item with { Id = found };
        return error;
    }

    string? FindDouble(BatchItem item, long line) =>
        item.Id is { } name && !options.AllowDuplicateIds && ids.FindOrAdd(name, line) is { } first
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"has the id \"{ShortText.Of(name)}\", which line {first} has too: each item needs one of its own, or none.")
            : null;

    string? Apply(ref BatchItem item)
    {
        if (rule is null)
        {
            return null;
        }

        string? error = rule(item, out var made);
        item = made;
        return error ?? (item.Payload.Length <= BatchItem.MaxPayloadBytes ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"becomes a payload of {item.Payload.Length} bytes: at most {BatchItem.MaxPayloadBytes} are allowed."));
    }
}
