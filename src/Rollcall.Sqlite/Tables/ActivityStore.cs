using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Storage;

namespace Rollcall.Sqlite.Tables;

/// <summary>The table `activities`: activities without a result. Used only on the database's thread.</summary>
sealed class ActivityStore
{
    readonly Statement insert;
    readonly Statement delete;
    readonly Statement page;
    readonly Statement count;

    public ActivityStore(DatabaseFile file)
    {
        insert = file.Prepare("INSERT INTO activities (seq, message) VALUES (?1, ?2)");
        delete = file.Prepare("DELETE FROM activities WHERE seq = ?1");
        page = file.Prepare("SELECT seq, message FROM activities WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        count = file.Prepare("SELECT count(*) FROM activities");
        using var last = file.PrepareOnce("SELECT max(seq) FROM activities");
        LastNumber = last.ReadFirst(row => row.Number(0));
    }

    public long LastNumber { get; private set; }

    public Activity Insert(EncodedMessage message)
    {
        insert.Bind(1, ++LastNumber).Bind(2, message.Bytes).Run();
        return new Activity(LastNumber, message.Message);
    }

    public void Delete(long number) => delete.Bind(1, number).Run();

    public List<Activity> Page(long after, int size) =>
        page.Bind(1, after).Bind(2, size).Read(row => new Activity(row.Number(0), MessageEncoding.Decode(row.Bytes(1)!).Message));

    public long Count() => count.ReadFirst(row => row.Number(0));
}
