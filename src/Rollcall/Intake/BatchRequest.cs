using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>A batch as a caller requested it.</summary>
/// <param name="Id">The id that the caller chose; null to let Rollcall choose one.</param>
/// <param name="Target">Where the items go.</param>
/// <param name="Options">How they are sent.</param>
/// <param name="Items">The items. It may be possible to read them only once.</param>
/// <param name="StartAt">When the first item may be sent; null for immediately.</param>
/// <param name="OnCompleted">Who is notified when the batch is sealed; null for nobody.</param>
public sealed record BatchRequest(
    string? Id,
    BatchTarget Target,
    BatchOptions Options,
    IAsyncEnumerable<BatchItem> Items,
    DateTimeOffset? StartAt = null,
    OnCompleted? OnCompleted = null)
{
    /// <summary>Whether the options were given as query parameters.</summary>
    public bool IsFromQuery { get; init; }

    /// <summary>An error in one of the options, located where the option was given.</summary>
    /// <param name="message">See <see cref="InputError.Message"/>.</param>
    internal InputError ErrorOf(string option, string message)
    {
        var field = OptionField.All.Single(field => field.Name == option);
        return IsFromQuery ? InputError.AtParameter(field.Parameter, message) : InputError.AtField(field.Pointer, message);
    }
}
