using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>A batch as a caller asked for it.</summary>
/// <param name="Id">The id that the caller chose; null where the caller left the choice to Rollcall.</param>
/// <param name="Target">Where the items go.</param>
/// <param name="Options">How they are sent.</param>
/// <param name="Items">The items. They may be readable once only.</param>
/// <param name="StartAt">When the first item may be sent; null for at once.</param>
/// <param name="OnCompleted">Who is told when the batch is sealed; null for nobody.</param>
public sealed record BatchRequest(
    string? Id,
    BatchTarget Target,
    BatchOptions Options,
    IAsyncEnumerable<BatchItem> Items,
    DateTimeOffset? StartAt = null,
    OnCompleted? OnCompleted = null)
{
    /// <summary>Whether the options came as parameters of a query.</summary>
    public bool IsFromQuery { get; init; }

    /// <summary>An error of one of the options, at the place where it was given.</summary>
    /// <param name="message">See <see cref="InputError.Message"/>.</param>
    internal InputError ErrorOf(string option, string message)
    {
        var field = OptionField.All.Single(field => field.Name == option);
        return IsFromQuery ? InputError.AtParameter(field.Parameter, message) : InputError.AtField(field.Pointer, message);
    }
}
