using Rollcall.Sqlite.Encoding;

namespace Rollcall.Sqlite.Orchestrations;

/// <summary>A session that waits for messages. It receives them, or null when it should end.</summary>
sealed class SessionWait(Mailbox mailbox, DateTimeOffset endsAt)
{
    readonly TaskCompletionSource<List<InboxMessage>?> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Mailbox Mailbox => mailbox;

    public DateTimeOffset EndsAt => endsAt;

    public Task<List<InboxMessage>?> Task => completion.Task;

    public void End(List<InboxMessage>? messages) => completion.TrySetResult(messages);
}
