namespace Rollcall.Storage;

/// <summary>A step on the way of a file to being durable.</summary>
enum DurableStep
{
    /// <summary>A file's content is on the device.</summary>
    FileFlushed,

    /// <summary>A file or a folder has its name.</summary>
    EntryMade,

    /// <summary>A folder's names are flushed to the device.</summary>
    FolderFlushed,
}
