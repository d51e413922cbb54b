namespace Rollcall.Functions.Http;

/// <summary>Paths of a batch. They carry no key.</summary>
/// <param name="Status">The batch's status.</param>
/// <param name="Results">Its results.</param>
/// <param name="Receipt">Its receipt.</param>
sealed record BatchLinks(string Status, string Results, string Receipt);
