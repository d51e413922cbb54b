namespace Rollcall.FunctionsHost.Functions;

/// <summary>A function of the app, as its worker described it.</summary>
sealed record FunctionDefinition(string Name, string Id, TriggerKind Kind, JObject Trigger, IReadOnlyList<JObject> Clients)
{
    const string TriggerEnding = "Trigger";

    /// <summary>Reads a function's bindings.</summary>
    /// <exception cref="HostException">The function has a binding that this host does not have.</exception>
    public static FunctionDefinition Of(RpcFunctionMetadata metadata)
    {
        var bindings = metadata.RawBindings.Select(JObject.Parse).ToLookup(TypeOf, StringComparer.OrdinalIgnoreCase);
        var trigger = bindings.Single(b => b.Key.EndsWith(TriggerEnding, StringComparison.OrdinalIgnoreCase)).Single();
        string? unknown = bindings.Select(b => b.Key).FirstOrDefault(type => type != TypeOf(trigger) && !IsKnown(type));
        return unknown is null && Enum.TryParse<TriggerKind>(TypeOf(trigger)[..^TriggerEnding.Length], ignoreCase: true, out var kind)
            ? new FunctionDefinition(metadata.Name, metadata.FunctionId, kind, trigger, [.. bindings["durableClient"]])
            : throw new HostException(
                $"The function '{metadata.Name}' has a binding of the type '{unknown ?? TypeOf(trigger)}', which this host does not have. "
                + "Its README says which it has.");
    }

    static string TypeOf(JObject binding) => (string?)binding["type"] ?? "";

    static bool IsKnown(string type) =>
        type.Equals("http", StringComparison.OrdinalIgnoreCase) || type.Equals("durableClient", StringComparison.OrdinalIgnoreCase);
}
