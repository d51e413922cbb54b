namespace Rollcall.Cli.Files;

/// <summary>What a name stands for, as far as writing to it goes.</summary>
enum FileKind
{
    /// <summary>A file with content of its own.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe or a device that takes bytes one after the other.</summary>
    Stream,

    /// <summary>A disk, or a socket.</summary>
    Other,
}
