using Rollcall.Batches;
using Rollcall.Cli.Client;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Serialization;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>
/// What a command that goes on with a run asks for, against what the run has. How items are sent may change; what is sent, and where to,
/// may not: the results would be those of two batches.
/// </summary>
/// <param name="settings">What the command asks for.</param>
/// <param name="known">What the run has.</param>
sealed class RunChanges(RunSettings settings, BatchManifest known)
{
    /// <summary>Requires that the items go where they went, and that the lines are what they were.</summary>
    /// <param name="lines">What a line was; null where it is not known.</param>
    /// <exception cref="CliException">They do not.</exception>
    public void RequireTarget(LineFormat? lines)
    {
        if (settings.Url != known.Target.Url)
        {
            string before = WithoutQuery(known.Target.Url);
            string now = WithoutQuery(settings.Url);
            throw Refuse(before == now
                ? $"--to has another query than the run in '{settings.StateFolder}', which sends to {now}"
                : $"--to is {now}, and the run in '{settings.StateFolder}' sends to {before}");
        }

        if (lines is { } format && format != settings.Format)
        {
            throw Refuse(
                $"--lines is {KebabCase.Of(settings.Format)}, and in the run in '{settings.StateFolder}' it is {KebabCase.Of(format)}");
        }
    }

    /// <summary>Requires that the items are the same.</summary>
    /// <param name="sha256">The hash of those that are given now: see <see cref="BatchManifest.ContentSha256"/>.</param>
    /// <param name="count">How many they are.</param>
    /// <exception cref="CliException">They are not.</exception>
    public void RequireItems(string sha256, long count)
    {
        if (sha256 != known.ContentSha256)
        {
            throw Refuse(count == known.ItemCount
                ? $"'{settings.Input}' has other items than the run in '{settings.StateFolder}', although as many"
                : $"'{settings.Input}' has {CountsText.Of(count)} items, and the run in '{settings.StateFolder}' has "
                    + $"{CountsText.Of(known.ItemCount)}");
        }
    }

    /// <summary>
    /// Says what changes, in the words of the command line: <c> with --rate 200 (was 300)</c>. Nothing where nothing does.
    /// </summary>
    public string Describe()
    {
        var changes = OptionField.All.Where(IsChanged).Select(DescribeOption).ToList();
        var before = known.Target.Headers.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        changes.AddRange(settings.Headers.Keys.Where(name => !before.Contains(name)).Select(name => $"the header '{name}' (new)"));
        changes.AddRange(before.Where(name => !settings.Headers.ContainsKey(name)).Select(name => $"no header '{name}' (was given)"));
        return changes.Count == 0 ? "" : " with " + string.Join(", ", changes);
    }

    /// <summary>
    /// Has the run take the options and headers over, for good. Stopped at any moment, it is done again by the next command.
    /// </summary>
    /// <param name="store">Where the batch is.</param>
    /// <param name="controls">Keep what may change of it.</param>
    /// <returns>What the run then has.</returns>
    public async Task<BatchManifest> ApplyAsync(FileBatchStore store, BatchControls controls)
    {
        var next = known with { Options = settings.Options, Target = settings.ToTarget() };

        // Before the manifest, whose difference from the settings is what would have it done again; and also where they are the same.
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

    static CliException Refuse(string difference) =>
        CliException.Usage(
            $"{difference}. A run keeps its items and its target: give it the same, name another folder with --state and another output "
            + "with --out, or begin anew with --fresh.");

    // A query may have a secret in it.
    static string WithoutQuery(string url) => new Uri(url).GetLeftPart(UriPartial.Path);
}
