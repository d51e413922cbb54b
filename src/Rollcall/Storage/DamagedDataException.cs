namespace Rollcall.Storage;

/// <summary>
/// What a store has is not what was written to it: bytes were changed, cut off or lost since. Reading it again brings nothing else, so it is
/// no <see cref="IOException"/>, which says that the storage itself failed.
/// </summary>
/// <param name="message">What is damaged, and of which batch.</param>
/// <param name="cause">How it was found.</param>
public class DamagedDataException(string message, Exception? cause = null) : Exception(message, cause);
