using System.Net;
using Rollcall.Credentials;

namespace Rollcall.Sending;

/// <summary>Sends the requests of one attempt: one, plus one for each redirect that is followed.</summary>
/// <param name="tokens">The bearer tokens; null if there are none.</param>
sealed class HopSender(HttpClient client, ItemRequest requests, TokenCaches? tokens)
{
    /// <summary>The token that an item's first request begins with; null if it needs none.</summary>
    /// <exception cref="TokenException">There is none.</exception>
    public ValueTask<Token?> FindTokenAsync(Posting posting) =>
        tokens is null ? default : tokens.FindAsync(posting.Batch.Target, refused: null, CancellationToken.None);

    /// <summary>Sends requests until a response is not a redirect to follow.</summary>
    /// <param name="verdict">Knows which statuses are successes.</param>
    /// <param name="token">The bearer token. If the target refuses it, the request is sent once more with a new one.</param>
    /// <param name="waitForNext">Waits for the turn of a request after the first.</param>
    /// <param name="cancellationToken">The time limit of all requests together.</param>
    /// <returns>
    /// The last response, its body unread; what came over the connection; and, if it is a redirect, why that is not followed.
    /// </returns>
    public async Task<(HttpResponseMessage Response, Exchange Exchange, string? RedirectError)> SendAsync(
        Posting posting, Verdict verdict, Token? token, Func<Task> waitForNext, CancellationToken cancellationToken)
    {
        var hop = Hop.Of(posting);
        bool isRenewed = false;
        while (true)
        {
            var (response, exchange) = await SendAsync(hop, posting, verdict, token, asksFirst: true, cancellationToken);
            if (response is { StatusCode: HttpStatusCode.ExpectationFailed, RequestMessage.Headers.ExpectContinue: true })
            {
                // RFC 9110, section 15.5.18: the target does not support Expect, and did nothing.
                response.Dispose();
                (response, exchange) = await SendAsync(hop, posting, verdict, token, asksFirst: false, cancellationToken);
            }

            if (response.StatusCode == HttpStatusCode.Unauthorized && token is not null && !isRenewed && !hop.IsElsewhere)
            {
                isRenewed = true;
                if (await RenewAsync(posting, token, response, cancellationToken) is var renewed && renewed != token)
                {
                    token = renewed;
                    response.Dispose();
                    await waitForNext();
                    continue;
                }
            }

            if (!RedirectPlan.IsRedirect(response))
            {
                return (response, exchange, null);
            }

            var (next, error) = RedirectPlan.Follow(posting.Batch.Options, hop, response);
            if (next is null)
            {
                return (response, exchange, error);
            }

            response.Dispose();
            await waitForNext();
            hop = next;
        }
    }

    async Task<Token?> RenewAsync(Posting posting, Token refused, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await tokens!.FindAsync(posting.Batch.Target, refused, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    async Task<(HttpResponseMessage Response, Exchange Exchange)> SendAsync(
        Hop hop, Posting posting, Verdict verdict, Token? token, bool asksFirst, CancellationToken cancellationToken)
    {
        using var request = requests.Create(hop, posting, token?.Value, asksFirst);
        var exchange = new Exchange();
        Exchange.Current = exchange;
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (FindError((int)response.StatusCode, verdict, exchange) is { } error)
        {
            response.Dispose();
            throw new HttpRequestException(HttpRequestError.InvalidResponse, error);
        }

        return (response, exchange);
    }

    static string? FindError(int status, Verdict verdict, Exchange exchange) => status switch
    {
        // RFC 9110, section 15: a status has three digits, and the first is not 0.
        < 100 => $"The status {status:000} is not one of HTTP.",
        _ when verdict.IsSuccess(status) && exchange.IsPayloadCut =>
            $"The status is {status}, but the target closed the connection before the payload's end.",
        _ => null,
    };
}
