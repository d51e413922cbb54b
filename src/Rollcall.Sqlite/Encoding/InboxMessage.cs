namespace Rollcall.Sqlite.Encoding;

/// <summary>A recorded message for an instance. Numbers grow in the order of recording.</summary>
readonly record struct InboxMessage(long Number, EncodedMessage Content);
