using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>Sends the requests of one attempt: one, and one more for each redirect that is followed.</summary>
/// <param name="client">The HTTP client.</param>
/// <param name="requests">Makes the requests.</param>
sealed class HopSender(HttpClient client, ItemRequest requests)
{
    /// <summary>Sends until there is an answer that leads no further.</summary>
    /// <param name="manifest">The batch.</param>
    /// <param name="index">The item's index.</param>
    /// <param name="item">The item.</param>
    /// <param name="waitForNext">Waits for the turn of a request after the first.</param>
    /// <param name="cancellationToken">The time limit of all requests together.</param>
    /// <returns>The last answer, its body unread; and, where it is a redirect, why that is not followed.</returns>
    public async Task<(HttpResponseMessage Response, string? RedirectError)> SendAsync(
        BatchManifest manifest,
        long index,
        BatchItem item,
        Func<Task> waitForNext,
        CancellationToken cancellationToken)
    {
        var hop = Hop.To(manifest.Target);
        while (true)
        {
            using var request = requests.Create(hop, manifest, index, item);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!RedirectPlan.IsRedirect(response))
            {
                return (response, null);
            }

            var (next, error) = RedirectPlan.Follow(manifest.Options, hop, response);
            if (next is null)
            {
                return (response, error);
            }

            response.Dispose();
            await waitForNext();
            hop = next;
        }
    }
}
