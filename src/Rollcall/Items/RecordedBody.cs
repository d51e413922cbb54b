namespace Rollcall.Items;

/// <summary>Opens a recorded body, as often as it is asked to.</summary>
/// <param name="find">Finds a stored body by its name.</param>
/// <param name="isForSeveral">Whether it is opened several times, so that a small one is kept in memory.</param>
sealed class RecordedBody(ItemBody body, Func<string, Task<Stream?>> find, bool isForSeveral = false)
{
    const int MaxKept = 1024 * 1024;

    byte[]? kept;

    /// <summary>Opens it.</summary>
    /// <exception cref="FileNotFoundException">It was stored, and is gone.</exception>
    public async Task<Stream> OpenAsync()
    {
        if (body.StoredName is not { } name)
        {
            return BodyJson.OpenInline(body);
        }

        if (kept is not null)
        {
            return new MemoryStream(kept);
        }

        var found = await find(name) ?? throw new FileNotFoundException($"The response that was stored as '{name}' is gone.");
        if (!isForSeveral || body.Bytes > MaxKept)
        {
            return found;
        }

        await using (found)
        {
            using var copy = new MemoryStream((int)body.Bytes);
            await found.CopyToAsync(copy);
            kept = copy.ToArray();
        }

        return new MemoryStream(kept);
    }
}
