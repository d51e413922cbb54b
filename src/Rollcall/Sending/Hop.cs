using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>
/// One request of an attempt: the first goes to the batch's target, each further one to where the previous response redirects.
/// </summary>
/// <param name="Number">The number of redirects so far: 0 for the target itself.</param>
/// <param name="HasPayload">Whether it POSTs the payload; otherwise it is a GET.</param>
/// <param name="IsElsewhere">Whether a redirect on the way left the origin (scheme, host and port) that it came from.</param>
sealed record Hop(int Number, Uri Url, bool HasPayload, bool IsElsewhere)
{
    // These are for the target alone, even if they are given literally and not as secrets.
    static readonly string[] Personal = ["Authorization", "Cookie", "Host", "Proxy-Authorization"];

    // These describe the payload and are needed to read it. `rollcall run` makes every header a secret.
    static readonly string[] Plain = ["Accept", "Accept-Language", "Content-Language", "Content-Type", "User-Agent"];

    /// <summary>The first hop.</summary>
    public static Hop To(BatchTarget target) => new(0, new Uri(target.Url), HasPayload: true, IsElsewhere: false);

    /// <summary>Whether a header of the target may be sent. Secrets and credentials are not sent to other origins.</summary>
    public bool MayHave(string name, TargetHeader header) =>
        !IsElsewhere
        || Plain.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (header.Secret is null && !Personal.Contains(name, StringComparer.OrdinalIgnoreCase));
}
