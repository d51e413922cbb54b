namespace Rollcall.Sending;

/// <summary>A response's body does not end where its headers say, or they do not say where it ends.</summary>
sealed class FramingException(string message) : IOException(message);
