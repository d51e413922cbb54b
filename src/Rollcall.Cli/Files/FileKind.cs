namespace Rollcall.Cli.Files;

/// <summary>What a path refers to, as far as writing is concerned.</summary>
enum FileKind
{
    /// <summary>A file with content of its own.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe or a character device.</summary>
    Stream,

    /// <summary>A disk, or a socket.</summary>
    Other,
}
