using Rollcall.Validation;

namespace Rollcall.Cli.Client;

/// <summary>What a server says is wrong (RFC 9457).</summary>
/// <param name="Detail">One sentence.</param>
/// <param name="Code">What is wrong, for programs; null where the status says it.</param>
/// <param name="Errors">The first things that are wrong, each with its place.</param>
/// <param name="ErrorCount">How many are wrong in all.</param>
sealed record ProblemAnswer(string? Detail, string? Code, IReadOnlyList<InputError>? Errors, long? ErrorCount);
