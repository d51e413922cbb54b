namespace Rollcall.Tests.Api;

/// <summary>What is wrong with a file.</summary>
public enum FileFault
{
    /// <summary>It has nothing in it.</summary>
    Empty,

    /// <summary>It ends early.</summary>
    Cut,

    /// <summary>It is something else.</summary>
    Garbage,

    /// <summary>It is a null of JSON.</summary>
    Null,

    /// <summary>It is JSON without the fields.</summary>
    NoFields,

    /// <summary>It is of another batch.</summary>
    OtherId,

    /// <summary>A folder has its name.</summary>
    Folder,
}
