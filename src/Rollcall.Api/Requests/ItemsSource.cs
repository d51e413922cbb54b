using System.Runtime.CompilerServices;
using Rollcall.Api.Grants;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Serialization;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>Where the items of a JSON request come from: the request itself, or a blob.</summary>
/// <param name="storage">The parts of the host's storage that may be named; null if it has none.</param>
/// <param name="errors">Collects the errors.</param>
sealed class ItemsSource(StorageGrants? storage, InputErrorList errors)
{
    const string BlobPointer = "/itemsBlob";

    string? path;
    LineFormat? format;
    bool hasBlob;
    bool hasLines;

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

    /// <summary>Reads <c>lines</c>.</summary>
    public void ReadLines(JsonField field)
    {
        hasLines = true;
        string? text = field.ReadText($"one of {LineFormats.Allowed}", text => KebabCase.Find<LineFormat>(text) is not null);
        format = text is null ? null : KebabCase.Find<LineFormat>(text);
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

        if (hasLines && !hasBlob)
        {
            errors.Add(InputError.AtField("/lines", "says what the lines of \"itemsBlob\" are, and there is none."));
        }
    }

    /// <summary>The items of a request that has no errors.</summary>
    /// <param name="items">The items in the request; null if it has none.</param>
    public IAsyncEnumerable<BatchItem> Open(List<BatchItem>? items) =>
        items?.ToAsyncEnumerable() ?? ReadAsync(storage!.OpenBlob, path!, format ?? LineFormat.Payload);

    static async IAsyncEnumerable<BatchItem> ReadAsync(
        ItemsBlobOpener open,
        string path,
        LineFormat format,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var blob = await open(path, cancellationToken) ?? throw new InvalidInputException(InputError.AtField(
            BlobPointer,
            $"is '{ShortText.Of(path)}', and there is no such blob: a container, a slash, and the name of a blob in this app's storage "
            + "account are needed."));
        await foreach (var item in JsonLines.ReadAsync(blob, format, cancellationToken))
        {
            yield return item;
        }
    }
}
