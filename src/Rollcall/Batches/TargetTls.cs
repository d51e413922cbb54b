namespace Rollcall.Batches;

/// <summary>
/// What connections to a target are made with, as the names of PEM texts that the sending process knows. The texts are never stored.
/// </summary>
/// <param name="Certificate">The client's certificate, and those of the authorities between it and the root; null for none.</param>
/// <param name="Key">Its private key; null if the certificate's text has it.</param>
/// <param name="Ca">The authorities to trust instead of the system's; null for those of the system.</param>
public sealed record TargetTls(string? Certificate, string? Key, string? Ca);
