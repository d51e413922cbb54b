namespace Rollcall.Sending;

/// <summary>Finds the value of a secret that a target's header names.</summary>
/// <param name="name">The secret's name.</param>
/// <returns>The value, or null where this process has no such secret.</returns>
public delegate string? SecretLookup(string name);
