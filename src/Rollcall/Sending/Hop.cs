namespace Rollcall.Sending;

/// <summary>
/// One request of an attempt: the first goes to the batch's target, each further one to where the previous response redirects.
/// </summary>
/// <param name="Number">The number of redirects so far: 0 for the target itself.</param>
/// <param name="HasPayload">Whether it has the item's payload as its body.</param>
/// <param name="IsElsewhere">Whether a redirect on the way left the origin (scheme, host and port) that it came from.</param>
sealed record Hop(int Number, Uri Url, HttpMethod Method, bool HasPayload, bool IsElsewhere)
{
    // These are for the target alone, even if they are given literally and not as secrets.
    static readonly string[] Personal = ["Authorization", "Cookie", "Host", "Proxy-Authorization"];

    // These describe the payload and are needed to read it. `rollcall run` makes every header a secret.
    static readonly string[] Plain = ["Accept", "Accept-Language", "Content-Language", "Content-Type", "User-Agent"];

    /// <summary>The first hop.</summary>
    public static Hop Of(Posting posting) => new(0, posting.Url, posting.Method, posting.HasBody, IsElsewhere: false);

    /// <summary>Whether a header may be sent. Secrets and credentials are not sent to other origins.</summary>
    public bool MayHave(string name, bool isSecret) =>
        !IsElsewhere
        || Plain.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (!isSecret && !Personal.Contains(name, StringComparer.OrdinalIgnoreCase));
}
