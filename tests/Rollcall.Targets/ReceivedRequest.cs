namespace Rollcall.Targets;

/// <summary>A request as received.</summary>
/// <param name="RequestLine">The request line, such as <c>POST / HTTP/1.1</c>.</param>
/// <param name="Headers">The headers by name, ignoring case.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record ReceivedRequest(string RequestLine, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);
