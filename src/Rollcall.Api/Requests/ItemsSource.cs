using System.Globalization;
using System.Runtime.CompilerServices;
using Rollcall.Api.Grants;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>Where the items of a JSON request come from: the request itself, or a blob.</summary>
/// <param name="storage">The parts of the host's storage that may be named; null if it has none.</param>
/// <param name="errors">Collects the errors.</param>
sealed class ItemsSource(StorageGrants? storage, InputErrorList errors)
{
    const string BlobPointer = "/itemsBlob";

    readonly InputFields input = new();
    readonly List<string> inputFields = [];
    string? path;
    bool hasBlob;

    /// <summary>Reads <c>itemsBlob</c>.</summary>
    public void ReadBlob(JsonField field)
    {
        hasBlob = true;
        if (storage is null)
        {
            field.Refuse("is not allowed: this host has no blobs. Send the lines as application/x-ndjson.");
            return;
        }

        path = field.ReadText(ItemsBlobPath.Needed, ItemsBlobPath.IsShort);
        field.Refuse(path is null ? null : ItemsBlobPath.FindError(path, storage.Containers));
    }

    /// <summary>Reads a field that says how the blob is read.</summary>
    public void ReadInput(string name, JsonField field)
    {
        inputFields.Add(name);
        input.Read(name, field);
    }

    /// <summary>Refuses fields that exclude each other.</summary>
    /// <param name="hasItems">Whether the request has <c>items</c>.</param>
    public void Check(bool hasItems)
    {
        if (hasItems && hasBlob)
        {
            errors.Add(InputError.AtField(BlobPointer, "is there beside \"items\": one of them is allowed."));
        }
        else if (!hasItems && !hasBlob)
        {
            errors.Add(InputError.AtField("/items", "is missing: the items to send, or \"itemsBlob\", are needed."));
        }

        foreach (string name in hasBlob ? [] : inputFields)
        {
            errors.Add(InputError.AtField(JsonPointer.Append("", name), "says how \"itemsBlob\" is read, and there is none."));
        }
    }

    /// <summary>Requires that items have URLs of their own, because the target has none.</summary>
    /// <param name="items">The items in the request; null if they are in a blob, whose lines are not read yet.</param>
    public void RequireUrls(List<BatchItem>? items)
    {
        int first = items?.FindIndex(item => item.Head?.Url is null) ?? -1;
        if (first >= 0 || (hasBlob && input.Options.Format is { } format && !InputFormats.HasUrls(format)))
        {
            // Items with errors are left out, so that the index of a later one would be wrong.
            string why = first < 0 || errors.Count > 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $", because /items/{first} has none of its own");
            errors.Add(InputError.AtField("/target/url", $"is missing: {RequestTarget.UrlNeeded} is needed{why}."));
        }
    }

    /// <summary>The items of a request that has no errors.</summary>
    /// <param name="items">The items in the request; null if it has none.</param>
    /// <param name="rule">Makes their requests.</param>
    /// <exception cref="InvalidInputException">An item in the request has an error.</exception>
    public IAsyncEnumerable<BatchItem> Open(List<BatchItem>? items, ItemRule rule)
    {
        if (items is null)
        {
            return ReadAsync(storage!.OpenBlob, path!, input.Options, rule);
        }

        for (int i = 0; i < items.Count; i++)
        {
            if (rule(items[i], out _) is { } error)
            {
                errors.Add(InputError.AtField($"/items/{i.ToString(CultureInfo.InvariantCulture)}", error));
            }
        }

        errors.ThrowIfAny();
        return MakeAsync(items, rule);
    }

    // One after the other: what a template makes of all of them may be many times the request.
    static IAsyncEnumerable<BatchItem> MakeAsync(List<BatchItem> items, ItemRule rule) => items.Select(item =>
    {
        _ = rule(item, out var made);
        return made;
    }).ToAsyncEnumerable();

    static async IAsyncEnumerable<BatchItem> ReadAsync(
        ItemsBlobOpener open,
        string path,
        InputOptions options,
        ItemRule rule,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        async Task<Stream> OpenAsync(CancellationToken stop) =>
            await open(path, stop) ?? throw new InvalidInputException(InputError.AtField(
                BlobPointer,
                $"is '{ShortText.Of(path)}', and there is no such blob: a container, a slash, and the name of a blob in this app's storage "
                + "account are needed."));

        await using var blob = await OpenAsync(cancellationToken);
        var source = new InputSource(blob) { Name = path, Reopen = OpenAsync };
        await foreach (var item in InputReader.ReadAsync(source, options, rule, cancellationToken))
        {
            yield return item;
        }
    }
}
