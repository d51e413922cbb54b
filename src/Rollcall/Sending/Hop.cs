using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>One request of an attempt: the first to the batch's target, each further one to where the answer before redirects.</summary>
/// <param name="Number">How many redirects led here: 0 for the target itself.</param>
/// <param name="Url">Where the request goes.</param>
/// <param name="HasPayload">Whether it POSTs the payload; otherwise it is a GET.</param>
/// <param name="IsElsewhere">Whether a redirect on the way left the origin (scheme, host and port) it came from.</param>
sealed record Hop(int Number, Uri Url, bool HasPayload, bool IsElsewhere)
{
    // They are for the target alone, also where they are given outright and not as secrets.
    static readonly string[] Personal = ["Authorization", "Cookie", "Host", "Proxy-Authorization"];

    // They tell of the payload and are needed to read it. `rollcall run` has every header as a secret.
    static readonly string[] Plain = ["Accept", "Accept-Language", "Content-Language", "Content-Type", "User-Agent"];

    /// <summary>The first hop.</summary>
    public static Hop To(BatchTarget target) => new(0, new Uri(target.Url), HasPayload: true, IsElsewhere: false);

    /// <summary>Whether a header of the target may be sent: away from the target's origin, secrets and credentials are not.</summary>
    public bool MayHave(string name, TargetHeader header) =>
        !IsElsewhere
        || Plain.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (header.Secret is null && !Personal.Contains(name, StringComparer.OrdinalIgnoreCase));
}
