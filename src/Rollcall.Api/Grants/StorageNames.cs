namespace Rollcall.Api.Grants;

/// <summary>
/// The containers and queues of the app's storage account that a host may open to batch requests. Those of the platform and of Rollcall
/// itself are never allowed, even if they are listed: otherwise anybody who may start a batch could read the host's keys and other batches,
/// or send the engine messages that make it fail.
/// </summary>
/// <param name="hub">The name of the Durable engine's task hub, which is the prefix of its containers and queues.</param>
public sealed class StorageNames(string hub)
{
    /// <summary>The setting that lists the containers of items.</summary>
    public const string ContainersSetting = "Rollcall__ItemsContainers";

    /// <summary>The setting that lists the queues of notices.</summary>
    public const string QueuesSetting = "Rollcall__NoticeQueues";

    /// <summary>The container that holds the batches.</summary>
    public const string BatchesContainer = "rollcall";

    /// <summary>The queue that batches arrive on.</summary>
    public const string BatchesQueue = "rollcall-batches";

    const string Platform = "azure-webjobs-";
    const string Poison = "-poison";
    const string NeverListed = "is the platform's or the app's own, and can never be named by a batch. Leave it out.";

    // Here the platform keeps the packages of an app's code.
    static readonly string[] Packages = ["scm-releases", "function-releases", "app-package-"];

    readonly string hubPrefix = hub.ToLowerInvariant() + "-";

    /// <summary>Reads the list of containers that items may be read from.</summary>
    /// <exception cref="InvalidOperationException">One may not be listed.</exception>
    public AllowedNames ReadContainers(string? text) => AllowedNames.Parse(ContainersSetting, text, FindContainerError);

    /// <summary>Reads the list of queues that notices may go to.</summary>
    /// <exception cref="InvalidOperationException">One may not be listed.</exception>
    public AllowedNames ReadQueues(string? text) => AllowedNames.Parse(QueuesSetting, text, FindQueueError);

    /// <summary>Whether a text can be the name of a container or a queue of Azure Storage. The rule is the same for both.</summary>
    public static bool IsName(string text) =>
        text.Length is >= 3 and <= 63
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && text[0] != '-' && text[^1] != '-' && !text.Contains("--", StringComparison.Ordinal);

    string? FindContainerError(string name)
    {
        if (!IsName(name))
        {
            return "is not the name of a container: 3 to 63 of a-z, 0-9 and - are needed.";
        }

        bool isReserved = name == BatchesContainer || name.StartsWith(Platform, StringComparison.Ordinal)
            || Packages.Any(package => name.StartsWith(package, StringComparison.Ordinal))
            || IsOfHub(name, "leases", "largemessages", "applease");
        return isReserved ? NeverListed : null;
    }

    string? FindQueueError(string name)
    {
        if (!IsName(name))
        {
            return "is not the name of a queue: 3 to 63 of a-z, 0-9 and - are needed.";
        }

        bool isReserved = name.StartsWith(BatchesQueue, StringComparison.Ordinal) || name.StartsWith(Platform, StringComparison.Ordinal)
            || name.EndsWith(Poison, StringComparison.Ordinal) || IsOfHub(name, "workitems", "control");
        return isReserved ? NeverListed : null;
    }

    bool IsOfHub(string name, params IEnumerable<string> ends) =>
        name.StartsWith(hubPrefix, StringComparison.Ordinal)
        && ends.Any(end => name[hubPrefix.Length..] is var rest && (rest == end || rest.StartsWith(end + "-", StringComparison.Ordinal)));
}
