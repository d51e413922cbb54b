using Rollcall.EndToEnd.Tests.Functions.Api;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>A host that batches run in, which a test can take away and bring back.</summary>
public interface ILifeHost : IAsyncDisposable
{
    /// <summary>Its HTTP API.</summary>
    internal ApiClient Api { get; }

    /// <summary>What it has written since its last start.</summary>
    string Written { get; }

    /// <summary>Ends it as a power cut would.</summary>
    Task KillAsync();

    /// <summary>Starts it again on the same state.</summary>
    /// <param name="retentionDays">How many days it keeps ended batches; none for ever.</param>
    Task StartAgainAsync(string retentionDays = "");
}
