namespace Rollcall.Items;

/// <summary>Opens a recorded body.</summary>
/// <param name="find">Finds a stored body by its name.</param>
sealed class RecordedBody(ItemBody body, Func<string, Task<Stream?>> find)
{
    /// <summary>Opens it.</summary>
    /// <exception cref="FileNotFoundException">It was stored, and is gone.</exception>
    public async Task<Stream> OpenAsync() => body.StoredName is { } name
        ? await find(name) ?? throw new FileNotFoundException($"The response that was stored as '{name}' is gone.")
        : BodyJson.OpenInline(body);
}
