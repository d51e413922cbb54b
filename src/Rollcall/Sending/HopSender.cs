using System.Net;

namespace Rollcall.Sending;

/// <summary>Sends the requests of one attempt: one, plus one for each redirect that is followed.</summary>
sealed class HopSender(HttpClient client, ItemRequest requests)
{
    /// <summary>Sends requests until a response is not a redirect to follow.</summary>
    /// <param name="waitForNext">Waits for the turn of a request after the first.</param>
    /// <param name="cancellationToken">The time limit of all requests together.</param>
    /// <returns>
    /// The last response, its body unread; what came over the connection; and, if it is a redirect, why that is not followed.
    /// </returns>
    public async Task<(HttpResponseMessage Response, Exchange Exchange, string? RedirectError)> SendAsync(
        Posting posting, Func<Task> waitForNext, CancellationToken cancellationToken)
    {
        var hop = Hop.Of(posting);
        while (true)
        {
            var (response, exchange) = await SendAsync(hop, posting, asksFirst: true, cancellationToken);
            if (response is { StatusCode: HttpStatusCode.ExpectationFailed, RequestMessage.Headers.ExpectContinue: true })
            {
                // RFC 9110, section 15.5.18: the target does not support Expect, and did nothing.
                response.Dispose();
                (response, exchange) = await SendAsync(hop, posting, asksFirst: false, cancellationToken);
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

    async Task<(HttpResponseMessage Response, Exchange Exchange)> SendAsync(
        Hop hop, Posting posting, bool asksFirst, CancellationToken cancellationToken)
    {
        using var request = requests.Create(hop, posting, asksFirst);
        var exchange = new Exchange();
        Exchange.Current = exchange;
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (FindError((int)response.StatusCode, exchange) is { } error)
        {
            response.Dispose();
            throw new HttpRequestException(HttpRequestError.InvalidResponse, error);
        }

        return (response, exchange);
    }

    static string? FindError(int status, Exchange exchange) => status switch
    {
        // RFC 9110, section 15: a status has three digits, and the first is not 0.
        < 100 => $"The status {status:000} is not one of HTTP.",
        >= 200 and < 300 when exchange.IsPayloadCut =>
            $"The status is {status}, but the target closed the connection before the payload's end.",
        _ => null,
    };
}
