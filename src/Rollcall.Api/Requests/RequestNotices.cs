using Rollcall.Api.Grants;
using Rollcall.Batches;

namespace Rollcall.Api.Requests;

/// <summary>Reads the <c>onCompleted</c> of a batch request.</summary>
static class RequestNotices
{
    /// <summary>Reads who is notified.</summary>
    /// <param name="grants">The host's resources that may be named.</param>
    /// <returns>Who is notified; null for nobody. Only valid if there are no errors.</returns>
    public static OnCompleted? Read(JsonField field, RequestGrants grants)
    {
        if (field.IsNull)
        {
            return null;
        }

        CompletionWebhook? webhook = null;
        string? queue = null;
        bool isGiven = false;
        var names = field.ReadFields(
            ("webhook", f => (webhook, isGiven) = (f.IsNull ? null : ReadWebhook(f, grants), isGiven || !f.IsNull)),
            ("queue", f => (queue, isGiven) = (f.IsNull ? null : ReadQueue(f, grants.Storage), isGiven || !f.IsNull)));
        field.Refuse(names is null || isGiven ? null : "names nobody: \"webhook\", \"queue\" or both are needed.");
        return new OnCompleted { Webhook = webhook, Queue = queue };
    }

    static CompletionWebhook ReadWebhook(JsonField field, RequestGrants grants)
    {
        string url = "";
        string? secret = null;
        var names = field.ReadFields(
            ("url", f => url = RequestTarget.ReadUrl(f)),
            ("secret", f => secret = f.IsNull ? null : SecretName.Read(f)));
        names?.Require("url", RequestTarget.UrlNeeded);
        field.RefuseAt(["secret"], grants.FindKeyError(secret, url));
        return new CompletionWebhook(url, secret);
    }

    static string? ReadQueue(JsonField field, StorageGrants? storage)
    {
        if (storage is null)
        {
            field.Refuse(NoticeNames.NoQueues);
            return null;
        }

        string? queue = field.ReadText(NoticeNames.QueueNeeded, StorageNames.IsName);
        field.Refuse(queue is null ? null : storage.Queues.FindRefusal(queue));
        return queue;
    }
}
