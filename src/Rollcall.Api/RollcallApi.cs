namespace Rollcall.Api;

/// <summary>All handlers of the HTTP API, for either host.</summary>
/// <param name="Start">Starts batches.</param>
/// <param name="Uploads">Accepts their inputs in parts.</param>
/// <param name="Read">Shows a batch.</param>
/// <param name="Results">Returns its results.</param>
/// <param name="List">Lists batches.</param>
/// <param name="Control">Changes one.</param>
/// <param name="Purge">Deletes one.</param>
public sealed record RollcallApi(
    StartApi Start, UploadApi Uploads, ReadApi Read, ResultsApi Results, ListApi List, ControlApi Control, PurgeApi Purge);
