using System.Runtime.CompilerServices;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Templates;
using Rollcall.Validation;

namespace Rollcall.Cli.Running;

/// <summary>Reads the items of a run with the requests that its settings make of them.</summary>
static class InputItems
{
    /// <summary>Opens the input, and says how it is read.</summary>
    /// <exception cref="CliException">It cannot be read, or there is no URL to send it to.</exception>
    public static async Task<OpenedInput> OpenAsync(RunSettings settings, InputStream stream, Action<string> note, CancellationToken stop)
    {
        try
        {
            var items = await InputReader.OpenAsync(InputFile.ToSource(settings.Input, stream), settings.Items, stop);
            if (settings.Request.Url.Length == 0 && !InputFormats.HasUrls(items.Format))
            {
                await items.DisposeAsync();
                throw MissingUrl();
            }

            if (InputText.Describe(settings.Input, items, settings.Items.Format is not null) is { } found)
            {
                note(found);
            }

            return items;
        }
        catch (InvalidInputException exception)
        {
            throw Refuse(settings, exception);
        }
    }

    /// <summary>Reads the items.</summary>
    public static IAsyncEnumerable<BatchItem> ReadAsync(RunSettings settings, OpenedInput input, CancellationToken stop) =>
        input.ReadAsync(RequestTemplate.Of(settings.Request, File.ReadAllBytes).Make, stop);

    /// <summary>Reads the items again, with what each was before its request was made.</summary>
    /// <param name="see">Gets an item as it was read, before it is returned.</param>
    public static IAsyncEnumerable<BatchItem> ReadAsync(
        RunSettings settings, OpenedInput input, Action<BatchItem> see, CancellationToken stop)
    {
        var template = RequestTemplate.Of(settings.Request, File.ReadAllBytes);
        return input.ReadAsync(Make, stop);

        string? Make(BatchItem read, out BatchItem made)
        {
            see(read);
            return template.Make(read, out made);
        }
    }

    /// <summary>Reads the items of an input again: all of a file, and the first one of an input that can be read only once.</summary>
    /// <param name="input">The input as it was read.</param>
    /// <param name="first">The first item.</param>
    public static async IAsyncEnumerable<BatchItem> ReadAgainAsync(
        RunSettings settings, InputStream input, BatchItem? first, [EnumeratorCancellation] CancellationToken stop)
    {
        if (settings.Input == InputFile.StandardInputName || input.KnownLength is null)
        {
            if (first is not null)
            {
                yield return first;
            }

            yield break;
        }

        await using var stream = await InputFile.OpenAsync(settings.Input, Console.OpenStandardInput, stop);
        await using var items = await OpenAsync(settings, stream, _ => { }, stop);
        await foreach (var item in ReadAsync(settings, items, stop))
        {
            yield return item;
        }
    }

    /// <summary>The exception for items that have no URL of their own, and a command that gives none.</summary>
    public static CliException MissingUrl() => CliException.Usage("--to is missing: the http or https URL to send to is needed.");

    /// <summary>The exception for an input that has errors.</summary>
    public static CliException Refuse(RunSettings settings, InvalidInputException exception) => CliException.Usage(
        $"{settings.Input}: {Sentence.Of(exception.Message)} Nothing was sent.",
        InputErrors.Describe(settings.Input, exception));
}
