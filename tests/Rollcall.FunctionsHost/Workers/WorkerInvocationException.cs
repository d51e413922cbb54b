namespace Rollcall.FunctionsHost.Workers;

/// <summary>
/// A function failed in the worker. The Durable Task extension reads the failure's details out of a message of this layout.
/// </summary>
/// <param name="result">How the worker responded.</param>
public sealed class WorkerInvocationException(StatusResult result)
    : Exception($"Result: {result.Status}\nException: {result.Exception?.Message}\nStack: {result.Exception?.StackTrace}");
