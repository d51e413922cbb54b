namespace Rollcall.Api.Answers;

/// <summary>What a host says of itself.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
/// <param name="Version">The version of Rollcall.</param>
public sealed record ApiHealth(string Status, string Version);
