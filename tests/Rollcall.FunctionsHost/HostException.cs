namespace Rollcall.FunctionsHost;

/// <summary>The host cannot run, for a reason that its user can do something about. The message says what.</summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="cause">What the machine said.</param>
public sealed class HostException(string message, Exception? cause = null) : Exception(message, cause);
