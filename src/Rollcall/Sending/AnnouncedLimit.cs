namespace Rollcall.Sending;

/// <summary>What a response says of one of the target's limits.</summary>
/// <param name="Name">Which one: the names of its headers with "remaining" in them, or the name of the limit in <c>RateLimit</c>.</param>
/// <param name="Remaining">How much is left of it, in its own unit: requests, tokens and others.</param>
/// <param name="Reset">After how long it is reset, zero or more.</param>
readonly record struct AnnouncedLimit(string Name, double Remaining, TimeSpan Reset);
