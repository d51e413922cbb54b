using System.Text.Json;
using Rollcall.FunctionsHost.Protocol;

namespace Rollcall.FunctionsHost.Functions;

/// <summary>A function of the app, as its worker described it.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Id">The worker's id for it.</param>
/// <param name="Kind">What starts it.</param>
/// <param name="Trigger">The trigger binding.</param>
/// <param name="Clients">The durable client bindings.</param>
public sealed record FunctionDefinition(string Name, string Id, TriggerKind Kind, JsonElement Trigger, IReadOnlyList<JsonElement> Clients)
{
    const string TriggerEnding = "Trigger";

    /// <summary>Reads a function's bindings.</summary>
    /// <param name="metadata">What the worker said.</param>
    /// <returns>The function.</returns>
    /// <exception cref="HostException">The function has a binding that this host does not have.</exception>
    public static FunctionDefinition Of(RpcFunctionMetadata metadata)
    {
        var bindings = metadata.RawBindings.Select(raw => JsonSerializer.Deserialize<JsonElement>(raw)).ToList();
        var trigger = bindings.Single(b => TypeOf(b).EndsWith(TriggerEnding, StringComparison.OrdinalIgnoreCase));
        if (!Enum.TryParse<TriggerKind>(TypeOf(trigger)[..^TriggerEnding.Length], ignoreCase: true, out var kind))
        {
            throw Unknown(metadata, trigger);
        }

        var others = bindings.Where(b => !b.Equals(trigger) && !TypeOf(b).Equals("http", StringComparison.OrdinalIgnoreCase)).ToList();
        return others.Find(b => !TypeOf(b).Equals("durableClient", StringComparison.OrdinalIgnoreCase)) is { ValueKind: JsonValueKind.Object } other
            ? throw Unknown(metadata, other)
            : new FunctionDefinition(metadata.Name, metadata.FunctionId, kind, trigger, others);
    }

    /// <summary>A text property of a binding.</summary>
    /// <param name="binding">The binding.</param>
    /// <param name="name">The property's name.</param>
    /// <returns>Its value; null where it is missing or empty.</returns>
    public static string? Text(JsonElement binding, string name) =>
        binding.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>A Boolean property of the trigger.</summary>
    /// <param name="name">The property's name.</param>
    /// <param name="otherwise">The value where it is missing.</param>
    /// <returns>The value.</returns>
    public bool Flag(string name, bool otherwise) =>
        Trigger.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.True : otherwise;

    static string TypeOf(JsonElement binding) => Text(binding, "type") ?? "";

    static HostException Unknown(RpcFunctionMetadata metadata, JsonElement binding) =>
        new($"The function '{metadata.Name}' has a binding of the type '{TypeOf(binding)}', which this host does not have. See its README.");
}
