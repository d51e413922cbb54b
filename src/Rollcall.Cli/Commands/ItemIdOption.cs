using System.CommandLine;
using Rollcall.Api;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Cli.Commands;

/// <summary>The ids of single items whose results a command fetches.</summary>
sealed class ItemIdOption
{
    readonly Option<string[]> option = new("--id")
    {
        Description = "Only the item with this id, also while the batch runs. May be repeated.",
        HelpName = "ID",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The option itself.</summary>
    public Option Option => option;

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(option);

    /// <summary>The ids; none for all items.</summary>
    /// <param name="others">The options of the command that cannot be used with ids.</param>
    /// <exception cref="CliException">They cannot be used.</exception>
    public IReadOnlyList<string> Read(ParseResult parsed, IEnumerable<Option> others)
    {
        string[] ids = parsed.GetRequiredValue(option);
        if (ids.Length > 0 && others.FirstOrDefault(other => parsed.GetResult(other) is { Implicit: false }) is { } given)
        {
            throw CliException.Usage($"{given.Name} cannot be used with --id, which names the items.");
        }

        if (ids.FirstOrDefault(id => id.Length is 0 or > BatchItem.MaxIdLength) is { } wrong)
        {
            throw CliException.Usage(
                $"--id is '{ShortText.Of(wrong)}': the id of an item has 1 to {BatchItem.MaxIdLength} characters.");
        }

        return ids.Length <= ItemsApi.MaxIds
            ? ids
            : throw CliException.Usage($"--id is given {ids.Length} times: at most {ItemsApi.MaxIds} times is allowed.");
    }
}
