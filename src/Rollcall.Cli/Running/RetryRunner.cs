using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Cli.Telemetry;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Cli.Running;

/// <summary>Sends the items of an ended run again that did not succeed, from its state folder.</summary>
/// <param name="given">What the command gives. The rest is as in the run.</param>
/// <param name="limit">Gives the options of the run their new limits.</param>
/// <param name="only">Which items are sent again; null for all that did not succeed.</param>
/// <param name="with">A file of corrected payloads; null for none.</param>
/// <param name="view">Shows the progress.</param>
sealed class RetryRunner(
    RunSettings given, Func<BatchOptions, BatchOptions> limit, RetryChoice? only, string? with, IProgressView view)
{
    const string Authorization = "Authorization";

    /// <summary>Runs the retry to its end, or the rest of one that was interrupted.</summary>
    /// <param name="stop">Asks for a clean stop: no more items are sent, and items in flight are finished and recorded.</param>
    /// <returns>The receipt, which is that of the ended run if there was nothing to send, and its path.</returns>
    /// <exception cref="CliException">There is no such run, it has not ended, or the retry cannot be finished.</exception>
    public async Task<(Receipt Receipt, string ReceiptPath)> RunAsync(CancellationToken stop)
    {
        using var telemetry = TelemetryExport.Start();
        return await RunFaults.GuardAsync(
            given,
            async () =>
            {
                RequireOutput(await LocalRun.ReadFileAsync(given.StateFolder));
                using var state = await RunState.OpenAsync(given, view.Note);
                var receipt = await RunAsync(state, telemetry.Batches, stop);
                state.DiscardWork(receipt);
                return (receipt, state.ReceiptPath);
            },
            stop);
    }

    async Task<Receipt> RunAsync(RunState state, BatchTelemetry telemetry, CancellationToken stop)
    {
        using var store = new FileBatchStore(state.StoreRoot);
        var manifest = await store.FindManifestAsync(state.BatchId, CancellationToken.None) ?? throw NotEnded();
        var controls = new BatchControls(store, TimeProvider.System);
        var control = await controls.ReadAsync(manifest, CancellationToken.None);
        var receipt = await store.FindReceiptAsync(manifest.Id, control.Run, CancellationToken.None);
        NextRun? next = null;
        if (receipt is not null && await state.IsDeliveredAsync(receipt))
        {
            next = await FindNextAsync(store, control, receipt);
            if (next.Items == 0)
            {
                if (with is not null)
                {
                    throw CliException.Usage($"--with: {next.DescribeNothing()}");
                }

                view.Note(next.DescribeNothing());
                return receipt;
            }
        }
        else if (control.Run == 1)
        {
            throw NotEnded();
        }
        else if (only?.IsOf(control) == false)
        {
            throw CliException.Usage(
                $"The retry in '{given.StateFolder}' was interrupted, and --only was another. Run the same command without --only to "
                + "resume it.");
        }

        var settings = Complete(state, manifest);
        manifest = await CorrectAsync(store, state, manifest, control, next, stop);
        long corrected = manifest.Replacements?.Where(set => set.Run > control.Run).Sum(set => (long)set.Indexes.Count) ?? 0;
        next = next is null ? null : next with { Corrected = corrected };
        var ending = new RunEnding(settings, view, state, store, controls, telemetry);
        return await ending.RunAsync(manifest, isKnown: true, receipt, next, stop);
    }

    async Task<NextRun> FindNextAsync(FileBatchStore store, BatchControl control, Receipt receipt)
    {
        var next = new NextRun(receipt, only, receipt.Items - receipt.Counts.Succeeded);
        if (only is null || next.Items == 0)
        {
            return next;
        }

        return next with { Items = await LocalRun.FindFailedAsync(store, control, receipt, only).LongCountAsync() };
    }

    // If this is interrupted before the run begins, the next command does it anew.
    async Task<BatchManifest> CorrectAsync(
        FileBatchStore store, RunState state, BatchManifest manifest, BatchControl control, NextRun? next, CancellationToken stop)
    {
        var corrections = with is null ? null : new Corrections(with, Corrections.OptionsOf(with, state.Items, state.Columns), store);
        if (next is null)
        {
            string? sent = manifest.Replacements?.LastOrDefault(set => set.Run == control.Run)?.ContentSha256;
            return corrections is null || await corrections.HashAsync(manifest.Target, stop) == sent ? manifest : throw CliException.Usage(
                $"The retry in '{given.StateFolder}' was interrupted, and --with was another or not given. Run the same command without "
                + "--with to resume it.");
        }

        var begun = (manifest.Replacements ?? []).Where(set => set.Run <= control.Run).ToList();
        if (corrections is not null)
        {
            begun.Add(await StoreAsync(store, manifest, control.Run + 1, await corrections.ReadAsync(manifest, next, control, stop), stop));
        }

        if (begun.Count == 0 && manifest.Replacements is null)
        {
            return manifest;
        }

        var corrected = manifest with { Replacements = begun.Count == 0 ? null : begun };
        await store.ReplaceManifestAsync(corrected);
        foreach (var set in (manifest.Replacements ?? []).Where(set => set.Run > control.Run))
        {
            await store.DeleteItemsAsync(manifest.Id, set.ItemsName, CancellationToken.None);
        }

        return corrected;
    }

    static async Task<StoredReplacement> StoreAsync(
        FileBatchStore store,
        BatchManifest manifest,
        int run,
        (IReadOnlyList<long> Indexes, IReadOnlyList<BatchItem> Items) corrected,
        CancellationToken stop)
    {
        string name = Guid.CreateVersion7().ToString("N");
        var items = corrected.Items.ToAsyncEnumerable();
        await store.WriteItemsAsync(manifest.Id, name, items, manifest.ItemsPerShard, stop);
        return new StoredReplacement
        {
            Run = run,
            Indexes = corrected.Indexes,
            ContentSha256 = await BatchIntake.HashAsync(items, stop),
            ItemsName = name,
        };
    }

    RunSettings Complete(RunState state, BatchManifest manifest)
    {
        var options = limit(manifest.Options);
        var settings = given with
        {
            Input = state.Input ?? InputFile.StandardInputName,
            Request = manifest.Target with { Headers = new Dictionary<string, TargetHeader>(), Auth = null },
            Auth = given.Auth ?? (manifest.Target.Auth is { Type: AuthType.Azure } azure ? new RunAuth(azure) : null),
            OutputFormat = state.IsTable ? ResultFormat.Csv : ResultFormat.Jsonl,
            Items = state.Items ?? given.Items,
            Options = options with { Concurrency = OpenFileLimit.Cap(options.Concurrency, view.Note) },
        };
        RequireSecrets(settings, manifest.Target);
        return settings;
    }

    static void RequireSecrets(RunSettings settings, BatchTarget before)
    {
        bool hasToken = settings.Auth is not null || settings.Headers.ContainsKey(Authorization);
        string[] missing = [.. before.Headers.Keys.Where(
            name => !settings.Headers.ContainsKey(name) && !(hasToken && name.Equals(Authorization, StringComparison.OrdinalIgnoreCase)))];
        if (missing.Length > 0)
        {
            throw CliException.Usage(
                $"The run had the header{(missing.Length == 1 ? "" : "s")} '{string.Join("', '", missing)}', and values of headers are not "
                + "stored. Give them again with --header or --header-env.");
        }

        if (before.Auth is { } auth && !hasToken)
        {
            string option = auth.Type == AuthType.Command ? "--token-command" : "--oauth2, --client-id and --client-secret-env";
            throw CliException.Usage($"The run took tokens, and how it did is not stored completely. Give {option} again.");
        }
    }

    void RequireOutput(RunStateFile known)
    {
        if (known.Output is { } path && (known.IsStream ? given.Output.IsFile : given.Output.Path != path))
        {
            throw CliException.Usage(
                $"The run in '{given.StateFolder}' wrote its results to '{path}', not to '{given.Output.Name}'. Name the same output, "
                + "because the new outcomes go there.");
        }

        StateFolder.RequireApart(given);
    }

    CliException NotEnded() => CliException.Usage(
        $"The run in '{given.StateFolder}' has not ended. Run the same 'rollcall run' command again to resume it.");
}
