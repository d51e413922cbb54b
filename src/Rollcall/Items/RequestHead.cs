namespace Rollcall.Items;

/// <summary>What the request of one item has of its own. What is null is as the batch's target has it.</summary>
/// <param name="Method">The method, in capitals.</param>
/// <param name="Url">The URL: absolute, or relative to the target's.</param>
/// <param name="Headers">Headers by name, which win over the target's.</param>
/// <param name="HasBody">Whether the item's payload is sent. Without it the request has no body.</param>
public sealed record RequestHead(
    string? Method = null,
    string? Url = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    bool HasBody = true);
