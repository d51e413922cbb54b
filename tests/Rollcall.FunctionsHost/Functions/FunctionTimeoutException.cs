namespace Rollcall.FunctionsHost.Functions;

/// <summary>A function took longer than <c>functionTimeout</c>. The name and the message are the WebJobs SDK's.</summary>
/// <param name="message">Which, and how long.</param>
public sealed class FunctionTimeoutException(string message) : Exception(message);
