namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>The hosts that batches run in.</summary>
public enum HostKind
{
    /// <summary><c>rollcall serve</c>, on the embedded engine.</summary>
    Serve,

    /// <summary>The Function App, on a storage account.</summary>
    FunctionApp,
}
