namespace Rollcall.FunctionsHost.Functions;

/// <summary>What starts a function. The names are the binding types of the worker's metadata, less their ending.</summary>
enum TriggerKind
{
    Http,
    Queue,
    Timer,
    Orchestration,
    Activity,
    Entity,
}
