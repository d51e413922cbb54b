using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>Finds out what the sender of a batch's items has to keep to, right before it sends.</summary>
/// <param name="manifest">The batch.</param>
/// <returns>The rules at the moment.</returns>
public delegate ValueTask<SendRules> SendRulesLookup(BatchManifest manifest);
