namespace Rollcall.Validation;

/// <summary>Collects what is wrong with an input: the first errors are kept, and all are counted.</summary>
sealed class InputErrorList
{
    readonly List<InputError> first = [];

    /// <summary>How many errors there are.</summary>
    public long Count { get; private set; }

    /// <summary>The first errors, at most <see cref="InvalidInputException.MaxErrors"/>.</summary>
    public IReadOnlyList<InputError> First => first;

    /// <summary>Whether a further error is only counted, so that its text need not be made.</summary>
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

    /// <summary>Counts an error whose text nobody will see, because the list is full.</summary>
    public void AddUnnamed() => Count++;

    /// <summary>Ends the reading where there is an error.</summary>
    /// <exception cref="InvalidInputException">There is one.</exception>
    public void ThrowIfAny()
    {
        if (Count > 0)
        {
            throw new InvalidInputException(Count == 1 ? first[0].ToString() : $"The request has {Count} errors.", first, Count);
        }
    }
}
