using System.Net;

namespace Rollcall.Cli.Serving;

/// <summary>The settings of <c>rollcall serve</c>.</summary>
/// <param name="StateFolder">The folder that holds the batches.</param>
/// <param name="Address">The address to listen on.</param>
/// <param name="Port">The port, or 0 for a free one.</param>
/// <param name="Concurrency">The maximum number of items in flight, across all batches.</param>
/// <param name="RetentionDays">After how many days an ended batch is deleted; null for never.</param>
/// <param name="Keys">The accepted keys; null if no key is needed.</param>
sealed record ServeSettings(string StateFolder, IPAddress Address, int Port, int Concurrency, double? RetentionDays, ServerKeys? Keys);
