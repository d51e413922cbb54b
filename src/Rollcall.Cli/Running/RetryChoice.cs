using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Cli.Running;

/// <summary>Some of the items that did not succeed: those with one of the error codes, and those with one of the HTTP statuses.</summary>
/// <param name="Codes">The error codes.</param>
/// <param name="Statuses">The statuses, as a <see cref="StatusSet"/>; null for none.</param>
sealed record RetryChoice(IReadOnlyList<ItemErrorCode> Codes, string? Statuses)
{
    /// <summary>Reads a choice.</summary>
    /// <param name="texts">Error codes, statuses and ranges of them, each also several with commas between them.</param>
    /// <param name="wrong">The text that is none; null if the choice is right.</param>
    /// <returns>The choice; null if there is no text.</returns>
    public static RetryChoice? Read(IEnumerable<string> texts, out string? wrong)
    {
        string[] parts = [.. texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries))];
        string[] statuses = [.. parts.Where(part => KebabCase.Find<ItemErrorCode>(part) is null)];
        wrong = statuses.FirstOrDefault(part => StatusSet.Find(part) is null);
        return parts.Length == 0 ? null : new RetryChoice(
            [.. parts.Select(KebabCase.Find<ItemErrorCode>).OfType<ItemErrorCode>().Distinct()],
            statuses.Length == 0 ? null : string.Join(',', statuses));
    }

    /// <summary>Whether a run sends what this choice says.</summary>
    public bool IsOf(BatchControl control) => Codes.SequenceEqual(control.OnlyCodes ?? []) && Statuses == control.OnlyStatuses;

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Codes.Select(code => KebabCase.Of(code)).Concat(Statuses?.Split(',') ?? []));
}
