using Microsoft.AspNetCore.Http;
using Rollcall.Api.Requests;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Serialization;
using Rollcall.Storage;
using Rollcall.Validation;

namespace Rollcall.Api;

/// <summary>
/// Handles the requests that change a batch after its start. Each can be repeated: what is already so is left as it is. A change is durable
/// before the response, and takes effect in every process within about a second.
/// </summary>
/// <param name="store">Where the batches are stored.</param>
/// <param name="controls">The batches' controls.</param>
/// <param name="options">How much runs at once.</param>
public sealed class ControlApi(IBatchStore store, IBatchCatalog catalog, BatchControls controls, TimeProvider time, RollcallOptions options)
{
    static readonly BatchState[] Going = [BatchState.Pending, BatchState.Scheduled, BatchState.Running, BatchState.Paused];

    const string ErrorCode = "errorCode";

    readonly StatusReader statuses = new(store, time);
    readonly BatchFinder finder = new(store, catalog);

    /// <summary>Stops sending items of a batch permanently: <c>POST /api/batches/{id}/cancel</c>.</summary>
    /// <returns>202, or 200 if it was cancelled already; 404 if there is no such batch, 409 if it has ended otherwise.</returns>
    public Task<IResult> CancelAsync(HttpRequest request, string id, IBatchScheduler scheduler) =>
        ChangeAsync(request, id, scheduler, "cancelled", [.. Going, BatchState.Stopping, BatchState.Cancelled], control =>
            control.Stopped(new BatchStop(StopKind.Cancelled, "The batch was cancelled.", time.GetUtcNow())));

    /// <summary>Stops sending items of a batch until it is resumed: <c>POST /api/batches/{id}/pause</c>.</summary>
    /// <returns>202, or 200 if it was paused already; 404 if there is no such batch, 409 if it is stopping or has ended.</returns>
    public Task<IResult> PauseAsync(HttpRequest request, string id, IBatchScheduler scheduler) =>
        ChangeAsync(request, id, scheduler, "paused", Going, control => control.Paused(isPaused: true));

    /// <summary>Resumes a paused batch: <c>POST /api/batches/{id}/resume</c>.</summary>
    /// <returns>202, or 200 if it was not paused; 404 if there is no such batch, 409 if it is stopping or has ended.</returns>
    public Task<IResult> ResumeAsync(HttpRequest request, string id, IBatchScheduler scheduler) =>
        ChangeAsync(request, id, scheduler, "resumed", Going, control => control.Paused(isPaused: false));

    /// <summary>Changes the limits of a running batch: <c>PATCH /api/batches/{id}</c>.</summary>
    /// <param name="request">The request; its body is an object with <c>concurrency</c>, <c>ratePerSecond</c> or both.</param>
    /// <returns>
    /// 202, or 200 if nothing changes; 400 for an invalid body, 404 if there is no such batch, 409 if it is stopping or has ended.
    /// </returns>
    public async Task<IResult> PatchAsync(HttpRequest request, string id, IBatchScheduler scheduler)
    {
        if (ContentCoding.FindProblem(request) is { } coding)
        {
            return coding;
        }

        try
        {
            request.Body = new PacedBody(request.Body, time);
            var bounds = await BatchLimits.ReadAsync(request);
            return await ChangeAsync(request, id, scheduler, "changed", Going, bounds.Apply);
        }
        catch (InvalidInputException exception)
        {
            return Problem.Of(exception);
        }
        catch (BadHttpRequestException exception)
        {
            return Problem.Of(
                exception.StatusCode, exception.StatusCode is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status408RequestTimeout
                ? exception.Message
                : "The request's body could not be read to its end, so nothing was changed. Send it again.");
        }
    }

    /// <summary>
    /// Sends the items of an ended batch that did not succeed again: <c>POST /api/batches/{id}/redrive</c>. Their new outcomes replace the
    /// old ones, which can still be read as the results of the previous run.
    /// </summary>
    /// <param name="request">The request; its query may have <c>errorCode</c>, repeatedly, for only the items with these codes.</param>
    /// <returns>
    /// 202; 400 for an unknown code, 404 if there is no such batch, 409 if it has not ended or has nothing to send again.
    /// </returns>
    public Task<IResult> RedriveAsync(HttpRequest request, string id, IBatchScheduler scheduler) =>
        DecideAsync(request, id, () => RedriveInTurnAsync(request, id, scheduler));

    async Task<IResult> RedriveInTurnAsync(HttpRequest request, string id, IBatchScheduler scheduler)
    {
        if (!KebabCaseQuery.TryReadAll<ItemErrorCode>(request, ErrorCode, out var codes, out string? error)
            || (error = QueryNames.FindError(request, ErrorCode)) is not null)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, error);
        }

        var cancellationToken = request.HttpContext.RequestAborted;
        if (await finder.FindAsync(id, scheduler, cancellationToken) is not { } manifest)
        {
            return Problem.NoBatch(id);
        }

        var status = await statuses.ReadAsync(request, manifest, scheduler);
        int run = status.Run!.Value;
        if (!EndedStates.All.Contains(status.Status))
        {
            return Problem.WrongState(status, "redriven", EndedStates.All);
        }

        if (await store.FindReceiptAsync(id, run, cancellationToken) is not { } receipt)
        {
            return Problem.Conflict(
                status,
                $"Batch '{id}' failed as a whole, without a receipt, so it cannot be redriven: start its items again under another id. "
                + $"Why it failed: {status.Error}");
        }

        long failures = codes.Count == 0
            ? receipt.Items - receipt.Counts.Succeeded
            : codes.Sum(code => receipt.Counts.ByErrorCode.GetValueOrDefault(KebabCase.Of(code)));
        if (failures == 0)
        {
            return Problem.Of(
                StatusCodes.Status409Conflict,
                $"Batch '{id}' has no such item to send again: of its {receipt.Items} items {receipt.Counts.Succeeded} succeeded.");
        }

        // Listed as open first, so that the reconciler takes over if the process ends after the change; and again after it, because the
        // reconciler may have been about to remove it from the list.
        var entry = new CatalogEntry(id, manifest.CreatedAt);
        var end = new BatchEnd(BatchEnd.KindOf(receipt.Stop), receipt.SealedAt);
        ItemErrorCode[]? onlyCodes = codes.Count == 0 ? null : [.. codes.Order()];
        await catalog.ReopenAsync(entry, end, cancellationToken);
        var control = await controls.ChangeAsync(
            manifest,
            before => before.Run == run && !before.IsDeleted ? before.Redriven(time.GetUtcNow(), onlyCodes) : before,
            cancellationToken);
        if (control.IsDeleted)
        {
            await catalog.RemoveAsync(entry, batchEnd: null, cancellationToken);
            throw new BatchGoneException(id);
        }

        await catalog.ReopenAsync(entry, end, cancellationToken);
        if (control.Run != run + 1 || !(control.OnlyCodes ?? []).SequenceEqual(onlyCodes ?? []))
        {
            return Problem.Conflict(
                status,
                $"Batch '{id}' is being redriven by another request, with other items. Redrive it again when it has ended.");
        }

        await scheduler.RescheduleAsync(BatchPlan.Of(manifest, control, options.LiveItems).AsRepair(), cancellationToken);
        return await RespondAsync(request, manifest, scheduler, StatusCodes.Status202Accepted);
    }

    Task<IResult> ChangeAsync(
        HttpRequest request,
        string id,
        IBatchScheduler scheduler,
        string verb,
        BatchState[] allowed,
        Func<BatchControl, BatchControl> change) => DecideAsync(request,
        id,
        () => ChangeInTurnAsync(request, id, scheduler, verb, allowed, change));

    Task<IResult> DecideAsync(HttpRequest request, string id, Func<Task<IResult>> decide) => BatchFault.GuardAsync(async () =>
    {
        using var turn = await catalog.EnterAsync(id, request.HttpContext.RequestAborted);
        return await decide();
    });

    async Task<IResult> ChangeInTurnAsync(
        HttpRequest request,
        string id,
        IBatchScheduler scheduler,
        string verb,
        BatchState[] allowed,
        Func<BatchControl, BatchControl> change)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (QueryNames.FindError(request) is { } error)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, error);
        }

        if (await finder.FindAsync(id, scheduler, cancellationToken) is not { } manifest)
        {
            return Problem.NoBatch(id);
        }

        var status = await statuses.ReadAsync(request, manifest, scheduler);
        if (!allowed.Contains(status.Status))
        {
            return Problem.WrongState(status, verb, allowed);
        }

        bool isChanged = false;
        var control = await controls.ChangeAsync(
            manifest,
            before =>
            {
                var after = before.Run == status.Run && !before.IsDeleted && Going.Contains(status.Status) ? change(before) : before;
                isChanged = !ReferenceEquals(before, after);
                return after;
            },
            cancellationToken);
        if (Going.Contains(status.Status) || status.Status == BatchState.Stopping)
        {
            // Also if nothing was changed: the process that made the change may have ended before sending the signal.
            await scheduler.SignalAsync(control, cancellationToken);
        }

        return await RespondAsync(request, manifest, scheduler, isChanged ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    async Task<IResult> RespondAsync(HttpRequest request, BatchManifest manifest, IBatchScheduler scheduler, int statusCode) =>
        TypedResults.Json(await statuses.ReadAsync(request, manifest, scheduler), ApiJson.Default.BatchStatus, statusCode: statusCode);
}
