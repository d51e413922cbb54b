namespace Rollcall.Validation;

/// <summary>Collects the errors in an input: the first ones are kept, and all are counted.</summary>
sealed class InputErrorList
{
    readonly List<InputError> first = [];

    /// <summary>The number of errors.</summary>
    public long Count { get; private set; }

    /// <summary>The first errors, at most <see cref="InvalidInputException.MaxErrors"/>.</summary>
    public IReadOnlyList<InputError> First => first;

    /// <summary>Whether further errors are only counted, so that their texts are not needed.</summary>
    public bool IsFull => first.Count == InvalidInputException.MaxErrors;

    /// <summary>Adds an error.</summary>
    public void Add(InputError error)
    {
        Count++;
        if (!IsFull)
        {
            first.Add(error);
        }
    }

    /// <summary>Counts an error whose text nobody will see because the list is full.</summary>
    public void AddUnnamed() => Count++;

    /// <summary>Throws if there is an error.</summary>
    /// <exception cref="InvalidInputException">There is one.</exception>
    public void ThrowIfAny()
    {
        if (Count > 0)
        {
            throw new InvalidInputException(Count == 1 ? first[0].ToString() : $"The request has {Count} errors.", first, Count);
        }
    }
}
