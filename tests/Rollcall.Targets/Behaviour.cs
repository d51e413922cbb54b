namespace Rollcall.Targets;

/// <summary>What a target does with a request.</summary>
/// <param name="request">The complete request.</param>
/// <param name="connection">The connection that it came on.</param>
/// <returns>A task that completes when the target is done with the request.</returns>
public delegate Task Behaviour(ReceivedRequest request, Connection connection);
