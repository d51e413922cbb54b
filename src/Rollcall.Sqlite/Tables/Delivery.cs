using Rollcall.Sqlite.Encoding;

namespace Rollcall.Sqlite.Tables;

/// <summary>A message that was recorded in the inbox of an instance, of which turns are recorded or not.</summary>
readonly record struct Delivery(long Key, string InstanceId, bool HasHistory, InboxMessage Message);
