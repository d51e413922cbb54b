namespace Rollcall.FunctionsHost.Functions;

/// <summary>What starts a function. The names are the binding types of the worker's metadata, less their ending.</summary>
public enum TriggerKind
{
    /// <summary>An HTTP request.</summary>
    Http,

    /// <summary>A message of a storage queue.</summary>
    Queue,

    /// <summary>A schedule.</summary>
    Timer,

    /// <summary>A turn of an orchestration.</summary>
    Orchestration,

    /// <summary>A call from an orchestration.</summary>
    Activity,

    /// <summary>A turn of a durable entity.</summary>
    Entity,
}
