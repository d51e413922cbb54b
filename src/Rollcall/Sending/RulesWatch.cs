using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>
/// Watches a batch's rules while a sender waits for its turn. They are read during the wait, and never between a slot and the sending,
/// because a slow store would then cost the slot.
/// </summary>
/// <param name="rules">Reads the rules.</param>
sealed class RulesWatch(Func<ValueTask<SendRules>> rules, TimeProvider time)
{
    // Rules that are older than this, because the store does not respond, are no longer trusted.
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

    /// <summary>Whether the rules are still the same, as far as is known without waiting.</summary>
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

/// <summary>Finds the rules that the sender of a batch's items must follow, right before it sends.</summary>
/// <returns>The current rules.</returns>
public delegate ValueTask<SendRules> SendRulesLookup(BatchManifest manifest);
