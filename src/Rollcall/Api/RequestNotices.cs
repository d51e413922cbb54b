using Rollcall.Batches;

namespace Rollcall.Api;

/// <summary>Reads the <c>onCompleted</c> of a batch request.</summary>
static class RequestNotices
{
    /// <summary>Reads who is told.</summary>
    /// <param name="field">The field.</param>
    /// <param name="hasQueues">Whether the host has queues.</param>
    /// <returns>Who is told; null for nobody. Of use only where nothing was refused.</returns>
    public static OnCompleted? Read(JsonField field, bool hasQueues)
    {
        if (field.IsNull)
        {
            return null;
        }

        CompletionWebhook? webhook = null;
        string? queue = null;
        bool isGiven = false;
        var names = field.ReadFields(
            ("webhook", f => (webhook, isGiven) = (f.IsNull ? null : ReadWebhook(f), isGiven || !f.IsNull)),
            ("queue", f => (queue, isGiven) = (f.IsNull ? null : ReadQueue(f, hasQueues), isGiven || !f.IsNull)));
        field.Refuse(names is null || isGiven ? null : "names nobody: \"webhook\", \"queue\" or both are needed.");
        return new OnCompleted { Webhook = webhook, Queue = queue };
    }

    static CompletionWebhook ReadWebhook(JsonField field)
    {
        string url = "";
        string? secret = null;
        var names = field.ReadFields(
            ("url", f => url = RequestTarget.ReadUrl(f)),
            ("secret", f => secret = f.IsNull ? null : SecretName.Read(f)));
        names?.Require("url", RequestTarget.UrlNeeded);
        return new CompletionWebhook(url, secret);
    }

    static string? ReadQueue(JsonField field, bool hasQueues)
    {
        if (!hasQueues)
        {
            field.Refuse(NoticeNames.NoQueues);
            return null;
        }

        return field.ReadText(NoticeNames.QueueNeeded, NoticeNames.IsQueue);
    }
}
