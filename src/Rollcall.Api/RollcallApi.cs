namespace Rollcall.Api;

/// <summary>All that answers the requests of the HTTP API, in either host.</summary>
/// <param name="Start">Starts batches.</param>
/// <param name="Uploads">Takes their inputs in parts.</param>
/// <param name="Read">Shows a batch.</param>
/// <param name="Results">Gives its results.</param>
/// <param name="List">Lists batches.</param>
/// <param name="Control">Changes one.</param>
/// <param name="Purge">Deletes one.</param>
public sealed record RollcallApi(
    StartApi Start, UploadApi Uploads, ReadApi Read, ResultsApi Results, ListApi List, ControlApi Control, PurgeApi Purge);
