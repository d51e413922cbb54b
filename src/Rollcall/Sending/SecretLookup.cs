namespace Rollcall.Sending;

/// <summary>Finds the value of a secret that a batch names.</summary>
/// <param name="name">The secret's name.</param>
/// <param name="url">Where the value is to go.</param>
/// <returns>The value, or null where this process has no such secret, or has it for other origins.</returns>
public delegate string? SecretLookup(string name, Uri url);
