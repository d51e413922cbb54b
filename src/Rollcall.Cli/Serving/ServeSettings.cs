using System.Net;

namespace Rollcall.Cli.Serving;

/// <summary>What `rollcall serve` was asked to do.</summary>
/// <param name="StateFolder">The folder that holds the batches.</param>
/// <param name="Address">The address to listen on.</param>
/// <param name="Port">The port, or 0 for a free one.</param>
/// <param name="Concurrency">How many items are in flight at once, over all batches.</param>
/// <param name="RetentionDays">After how many days a batch that has ended is deleted; null for never.</param>
/// <param name="Keys">What requests are asked for; null for nothing.</param>
sealed record ServeSettings(string StateFolder, IPAddress Address, int Port, int Concurrency, double? RetentionDays, ServerKeys? Keys);
