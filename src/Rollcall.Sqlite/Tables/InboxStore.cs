using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Storage;

namespace Rollcall.Sqlite.Tables;

/// <summary>The table `inbox`: messages that no turn has consumed yet. Used only on the database's thread.</summary>
sealed class InboxStore
{
    readonly Statement insert;
    readonly Statement deleteUpTo;
    readonly Statement delete;
    readonly Statement read;
    readonly Statement waiting;
    long lastNumber;

    public InboxStore(DatabaseFile file)
    {
        insert = file.Prepare("INSERT INTO inbox (instance, seq, message) VALUES (?1, ?2, ?3)");
        deleteUpTo = file.Prepare("DELETE FROM inbox WHERE instance = ?1 AND seq <= ?2");
        delete = file.Prepare("DELETE FROM inbox WHERE instance = ?1");
        read = file.Prepare("SELECT seq, message FROM inbox WHERE instance = ?1 ORDER BY seq");
        waiting = file.Prepare("""
            SELECT i.key, i.instance_id, i.turns > 0 OR EXISTS (SELECT 1 FROM inbox WHERE instance = i.key AND message IS NULL)
            FROM (SELECT instance, min(seq) AS first FROM inbox GROUP BY instance) AS w JOIN instances AS i ON i.key = w.instance
            ORDER BY w.first
            """);
        using var last = file.PrepareOnce("SELECT max(seq) FROM inbox");
        lastNumber = last.ReadFirst(row => row.Number(0));
    }

    public InboxMessage Insert(InstanceRow row, EncodedMessage content)
    {
        insert.Bind(1, row.Key).Bind(2, ++lastNumber).Bind(3, content.Bytes).Run();
        return new InboxMessage(lastNumber, content);
    }

    public void DeleteUpTo(long key, long number) => deleteUpTo.Bind(1, key).Bind(2, number).Run();

    public void Delete(long key) => delete.Bind(1, key).Run();

    public List<InboxMessage> Read(long key, InstanceStore instances) =>
        read.Bind(1, key).Read(row => new InboxMessage(row.Number(0), Content(key, row.Bytes(1), instances)));

    /// <summary>The instances that have messages, the longest-waiting first, and whether a turn can consume the messages.</summary>
    public List<(long Key, string InstanceId, bool IsStarted)> Waiting() =>
        waiting.Read(row => (row.Number(0), row.Text(1)!, row.Number(2) != 0));

    static EncodedMessage Content(long key, byte[]? bytes, InstanceStore instances) =>
        bytes is null ? EncodedMessage.OfStart(instances.ReadStart(key)) : MessageEncoding.Decode(bytes);
}
