namespace Rollcall.Functions.Http;

/// <summary>What the app says of itself.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
/// <param name="Version">The app's version.</param>
sealed record Health(string Status, string Version);
