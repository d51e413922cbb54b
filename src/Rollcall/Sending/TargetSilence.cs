namespace Rollcall.Sending;

/// <summary>Notices when nobody answers, wherever requests are sent to.</summary>
/// <param name="note">Called with a sentence when nobody has answered for some seconds, once each time.</param>
/// <param name="patience">For how long the first response is waited for.</param>
public sealed class TargetSilence(TimeProvider time, Action<string> note, TimeSpan patience)
{
    static readonly TimeSpan NotedAfter = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    long? since;
    bool isNoted;
    volatile bool isBroken;

    /// <summary>Records a response.</summary>
    internal void Break()
    {
        isBroken = true;
        lock (gate)
        {
            (since, isNoted) = (null, false);
        }
    }

    /// <summary>Records that nobody answered a request.</summary>
    /// <param name="message">What happened instead, a sentence.</param>
    /// <returns>Why it is no use to go on: nobody has ever answered; null if it may be of use.</returns>
    internal string? Continue(Uri url, string message)
    {
        lock (gate)
        {
            var lasted = time.GetElapsedTime(since ??= time.GetTimestamp());
            string what = $"Nobody answers at {url.GetLeftPart(UriPartial.Authority)}. {message}";
            if (!isBroken && lasted >= patience)
            {
                return what;
            }

            if (!isNoted && lasted >= NotedAfter)
            {
                isNoted = true;
                note(what);
            }

            return null;
        }
    }
}
