namespace Rollcall.Targets;

/// <summary>What a target does with a request.</summary>
/// <param name="request">The request, read whole.</param>
/// <param name="connection">The connection to do it to.</param>
/// <returns>A task that ends when the target is done with the request.</returns>
public delegate Task Behaviour(ReceivedRequest request, Connection connection);
