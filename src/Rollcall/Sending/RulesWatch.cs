using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>
/// Keeps an eye on a batch's rules while a turn is waited for. They are read as the time passes, and never between a slot and the sending:
/// a store that is slow then would cost the slot.
/// </summary>
/// <param name="rules">Reads the rules.</param>
sealed class RulesWatch(Func<ValueTask<SendRules>> rules, TimeProvider time)
{
    // What is known for longer, because the store does not answer, is gone by no more.
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    Task<SendRules>? reading;
    long readingSince;
    SendRules known;
    long knownSince;

    /// <summary>Reads the rules, however long that takes.</summary>
    public async Task<SendRules> ReadAsync()
    {
        Take();
        Begin();
        await reading!;
        Take();
        return known;
    }

    /// <summary>Whether the rules are still the same, as far as that is known without waiting.</summary>
    /// <exception cref="IOException">The store failed.</exception>
    public bool AreStill(SendRules then)
    {
        Take();
        Begin();
        Take();
        return known == then && time.GetElapsedTime(knownSince) < Longest;
    }

    void Begin()
    {
        if (reading is null)
        {
            readingSince = time.GetTimestamp();
            reading = rules().AsTask();
        }
    }

    void Take()
    {
        if (reading is { IsCompleted: true } read)
        {
            reading = null;
            known = read.GetAwaiter().GetResult();
            knownSince = readingSince;
        }
    }
}

/// <summary>Finds out what the sender of a batch's items has to keep to, right before it sends.</summary>
/// <returns>The rules at the moment.</returns>
public delegate ValueTask<SendRules> SendRulesLookup(BatchManifest manifest);
