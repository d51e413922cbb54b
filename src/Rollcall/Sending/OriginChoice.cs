namespace Rollcall.Sending;

/// <summary>
/// Sends requests to other origins, which a redirect led to, over connections without the client certificate: like a secret header, it is
/// for the target alone.
/// </summary>
/// <param name="own">Sends all others.</param>
/// <param name="createOther">Makes the handler for these when it is first needed.</param>
sealed class OriginChoice(HttpMessageHandler own, Func<HttpMessageHandler> createOther) : HttpMessageHandler
{
    static readonly HttpRequestOptionsKey<bool> IsElsewhere = new("Rollcall.IsElsewhere");

    readonly HttpMessageInvoker target = new(own);
    readonly Lazy<HttpMessageInvoker> other = new(() => new HttpMessageInvoker(createOther()));

    /// <summary>Marks a request.</summary>
    /// <param name="isElsewhere">Whether a redirect to another origin led to it.</param>
    public static void Mark(HttpRequestMessage request, bool isElsewhere)
    {
        if (isElsewhere)
        {
            request.Options.Set(IsElsewhere, true);
        }
    }

    /// <summary>Whether a request is marked.</summary>
    public static bool IsMarked(HttpRequestMessage request) => request.Options.TryGetValue(IsElsewhere, out _);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (IsMarked(request) ? other.Value : target).SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            target.Dispose();
            if (other.IsValueCreated)
            {
                other.Value.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
