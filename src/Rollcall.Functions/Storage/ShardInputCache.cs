namespace Rollcall.Functions.Storage;

/// <summary>
/// Caches recently used shard inputs, because each item of a shard has its own activity, at about the same time. Input blobs never change,
/// so cached inputs stay valid.
/// </summary>
/// <param name="open">Opens a shard's input by the name of its blob, and the number of its items.</param>
sealed class ShardInputCache(Func<string, int, Task<ShardInput>> open)
{
    // At most 4 MiB each, 128 MiB in all. Many more than the shards that one instance works on at once.
    const int Capacity = 32;

    readonly Lock gate = new();
    readonly Dictionary<string, LinkedListNode<(string Name, Task<ShardInput> Input)>> nodes = new(StringComparer.Ordinal);
    readonly LinkedList<(string Name, Task<ShardInput> Input)> recent = new();

    public async Task<ShardInput> GetAsync(string name, int items)
    {
        var input = Find(name, items);
        try
        {
            return await input;
        }
        catch
        {
            Forget(name, input);
            throw;
        }
    }

    Task<ShardInput> Find(string name, int items)
    {
        lock (gate)
        {
            if (nodes.Remove(name, out var node))
            {
                recent.Remove(node);
            }
            else
            {
                node = new LinkedListNode<(string, Task<ShardInput>)>((name, open(name, items)));
            }

            recent.AddFirst(node);
            nodes[name] = node;
            if (recent.Count > Capacity)
            {
                nodes.Remove(recent.Last!.Value.Name);
                recent.RemoveLast();
            }

            return node.Value.Input;
        }
    }

    void Forget(string name, Task<ShardInput> failed)
    {
        lock (gate)
        {
            if (nodes.TryGetValue(name, out var node) && node.Value.Input == failed)
            {
                nodes.Remove(name);
                recent.Remove(node);
            }
        }
    }
}
