using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Api.Requests;

/// <summary>Reads from a query which run of a batch is requested.</summary>
static class RunQuery
{
    /// <summary>The parameter's name.</summary>
    public const string Name = "run";

    /// <summary>Reads the run.</summary>
    /// <param name="store">Where the batch is stored.</param>
    /// <param name="request">The request; its query may have <c>run</c>.</param>
    /// <returns>The run, which is the newest one if none is named; or what is wrong with it.</returns>
    public static async Task<(int Run, string? Error)> ReadAsync(IBatchStore store, HttpRequest request, BatchManifest manifest)
    {
        int newest = (await store.FindControlAsync(manifest.Id, request.HttpContext.RequestAborted) ?? BatchControl.Of(manifest)).Run;
        string? text = request.Query[Name];
        if (text is null)
        {
            return (newest, null);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int run) && run >= 1 && run <= newest
            ? (run, null)
            : (0, $"run is '{text}': 1 to {newest} is allowed.");
    }
}
