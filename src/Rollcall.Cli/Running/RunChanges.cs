using System.Globalization;
using Rollcall.Batches;
using Rollcall.Cli.Client;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Serialization;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>
/// Compares the settings of a command that resumes a run with those of the run. How items are sent may change; what is sent, where to, and
/// which fields the results have may not, because the results would be those of two batches.
/// </summary>
/// <param name="settings">The settings of the command.</param>
/// <param name="known">The settings of the run.</param>
sealed class RunChanges(RunSettings settings, BatchManifest known)
{
    /// <summary>Requires that the target and what decides which items there are is unchanged.</summary>
    /// <param name="before">What decided it earlier; null if it is not known.</param>
    /// <exception cref="CliException">They are not.</exception>
    public void RequireTarget(InputOptions? before)
    {
        if (settings.Request.Url != known.Target.Url)
        {
            string earlier = WithoutQuery(known.Target.Url);
            string now = WithoutQuery(settings.Request.Url);
            throw Refuse(earlier == now
                ? $"--to has a different query from the run in '{settings.StateFolder}', which sends to {now}"
                : $"--to is {(now.Length > 0 ? now : "not given")}, but the run in '{settings.StateFolder}' "
                    + (earlier.Length > 0 ? $"sends to {earlier}" : "has none"));
        }

        if (MethodOf(settings.Request) != MethodOf(known.Target))
        {
            throw Refuse(
                $"--method is {settings.Request.Method ?? "not given"}, but the run in '{settings.StateFolder}' has "
                + $"{known.Target.Method ?? "none"}");
        }

        if (OptionField.All.FirstOrDefault(field => field.IsFixed && IsChanged(field)) is { } other)
        {
            string now = other.FindText(settings.Options) ?? "not given";
            string then = other.FindText(known.Options) ?? "none";
            throw Refuse($"{OptionNames.Of(other)} is {now}, but the run in '{settings.StateFolder}' has {then}", "fields of results");
        }

        if (before is not null && FindDifference(before, settings.Items) is var (option, had, has))
        {
            throw Refuse($"{option} is {has ?? "not given"}, but the run in '{settings.StateFolder}' has {had ?? "none"}");
        }
    }

    static (string Option, string? Before, string? Now)? FindDifference(InputOptions before, InputOptions now) =>
        before.Format != now.Format ? ("--input", KebabCase.Of(before.Format!), KebabCase.Of(now.Format!))
        : before.CsvTypes != now.CsvTypes ? ("--csv-types", KebabCase.Of(before.CsvTypes), KebabCase.Of(now.CsvTypes))
        : before.Id != now.Id ? ("--id", before.Id, now.Id)
        : before.Limit != now.Limit ? ("--limit", TextOf(before.Limit), TextOf(now.Limit))
        : null;

    // For a list of URLs, GET is what no method means.
    string? MethodOf(BatchTarget target) => target.Method ?? (settings.Items.Format == InputFormat.Urls ? HttpMethod.Get.Method : null);

    static string? TextOf(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Requires that the items and their requests are the same.</summary>
    /// <param name="sha256">The hash of the current items: see <see cref="BatchManifest.ContentSha256"/>.</param>
    /// <param name="count">Their number.</param>
    /// <param name="again">Reads the items again, or as many of the first ones as it can.</param>
    /// <exception cref="CliException">They are not.</exception>
    public async Task RequireItemsAsync(
        string sha256, long count, FileBatchStore store, IAsyncEnumerable<BatchItem> again, CancellationToken stop)
    {
        if (sha256 == known.ContentSha256)
        {
            return;
        }

        if (count != known.ItemCount)
        {
            throw Refuse(
                $"'{settings.Input}' has {CountsText.Of(count)} items, but the run in '{settings.StateFolder}' has "
                + CountsText.Of(known.ItemCount));
        }

        var requests = new RequestChanges(settings.Request, known);
        var options = requests.FindOptions();
        string first = await requests.DescribeFirstAsync(store, again, stop) is { } text ? $": {text}" : "";
        throw Refuse(options.Count > 0
            ? $"{string.Join(", ", options)} {(options.Count == 1 ? "makes" : "make")} other requests than in the run in "
                + $"'{settings.StateFolder}'{first}"
            : $"'{settings.Input}' has other items than the run in '{settings.StateFolder}', although equally many{first}");
    }

    /// <summary>
    /// Describes the changes in the words of the command line: <c> with --rate 200 (was 300)</c>. Empty if nothing changes.
    /// </summary>
    public string Describe()
    {
        var changes = OptionField.All.Where(IsChanged).Select(DescribeOption).ToList();
        var before = known.Target.Headers.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        changes.AddRange(settings.Headers.Keys.Where(name => !before.Contains(name)).Select(name => $"the header '{name}' (new)"));
        changes.AddRange(before.Where(name => !settings.Headers.ContainsKey(name)).Select(name => $"no header '{name}' (was given)"));
        if (settings.Auth?.Target != known.Target.Auth)
        {
            changes.Add("another source of tokens");
        }

        return changes.Count == 0 ? "" : " with " + string.Join(", ", changes);
    }

    /// <summary>
    /// Stores the new options and headers. If this is interrupted, the next command repeats it.
    /// </summary>
    /// <param name="store">Where the batch is.</param>
    /// <param name="controls">Keeps what may change in the batch.</param>
    /// <returns>The new settings of the run.</returns>
    public async Task<BatchManifest> ApplyAsync(FileBatchStore store, BatchControls controls)
    {
        var next = known with { Options = settings.Options, Target = settings.ToTarget() };

        // Before the manifest, because its difference from the settings makes the next command repeat this. Also if nothing changes.
        await controls.ChangeAsync(known, control => control.Following(next), CancellationToken.None);
        if (Describe().Length > 0)
        {
            await store.ReplaceManifestAsync(next);
        }

        return next;
    }

    bool IsChanged(OptionField field) => field.TextOf(known.Options) != field.TextOf(settings.Options);

    string DescribeOption(OptionField field)
    {
        string name = OptionNames.Of(field);
        string before = field.TextOf(known.Options);
        string now = field.TextOf(settings.Options);
        bool isInverted = name.StartsWith("--no-", StringComparison.Ordinal);
        return now switch
        {
            "null" => $"no {name} (was {before})",
            "true" or "false" => (now == "true") != isInverted ? $"{name} (was off)" : $"no {name} (was on)",
            _ => $"{name} {now} (was {(before == "null" ? "none" : before)})",
        };
    }

    static CliException Refuse(string difference, string what = "items and target") =>
        CliException.Usage(
            $"{difference}. A run's {what} cannot change: give the same ones, choose another folder with --state and another "
            + "output with --out, or start over with --fresh.");

    // A query may contain a secret.
    static string WithoutQuery(string url) => url.Split('?')[0];
}
