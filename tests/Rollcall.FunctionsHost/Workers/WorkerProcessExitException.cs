namespace Rollcall.FunctionsHost.Workers;

/// <summary>
/// The worker ended while something was asked of it. The name matters: the Durable Task extension knows it, and gives up an
/// orchestrator's turn to run it again instead of failing the orchestration.
/// </summary>
/// <param name="message">What happened.</param>
public sealed class WorkerProcessExitException(string message) : Exception(message);
