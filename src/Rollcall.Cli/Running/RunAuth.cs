using Rollcall.Batches;
using Rollcall.Credentials;

namespace Rollcall.Cli.Running;

/// <summary>Where the bearer token of a run's requests comes from.</summary>
/// <param name="Target">What is stored of it.</param>
/// <param name="Secret">The client's secret, which is not stored; null if there is none.</param>
/// <param name="Command">The command, which is not stored; null if there is none.</param>
sealed record RunAuth(TargetAuth Target, string? Secret = null, TokenSource? Command = null)
{
    /// <summary>The name of the client's secret. No header can have it.</summary>
    public const string SecretName = "client secret";
}
