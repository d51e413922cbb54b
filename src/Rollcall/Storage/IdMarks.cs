using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Storage;

/// <summary>
/// Finds items by their ids. Beside its items, a batch with ids has a mark of 4 bytes for each item, in order: 32 bits of the SHA-256 of
/// the item's id, and 0 for an item without one. A look-up reads all marks, 40 MB for ten million items, and then the ids of the items
/// whose marks are those of the wanted ids. Sorted marks would be read faster, but could not be written with a fixed amount of memory.
/// </summary>
static class IdMarks
{
    /// <summary>The length of a mark, in bytes.</summary>
    public const int Size = sizeof(uint);

    const int BufferSize = 16 * 1024 * Size;

    // A character is at most three bytes.
    const int MaxIdBytes = BatchItem.MaxIdLength * 3;

    /// <summary>Computes the mark of an item.</summary>
    /// <param name="id">Its id, of at most <see cref="BatchItem.MaxIdLength"/> characters; null for none.</param>
    /// <returns>Four bytes, whatever number they are on this machine.</returns>
    public static uint Of(string? id)
    {
        if (id is null)
        {
            return 0;
        }

        Span<byte> text = stackalloc byte[MaxIdBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(id, text)], hash);
        return Math.Max(1, MemoryMarshal.Read<uint>(hash));
    }

    /// <summary>Finds the items that have one of some ids.</summary>
    /// <param name="most">How many items there may be. If there are more, only one more is returned.</param>
    /// <returns>The items in order, each with its id.</returns>
    /// <exception cref="DamagedDataException">The marks, or the id of an item with such a mark, are not what was written.</exception>
    public static async Task<IReadOnlyList<(long Index, string Id)>> FindAsync(
        IBatchStore store, BatchManifest manifest, IReadOnlySet<string> ids, int most, CancellationToken cancellationToken)
    {
        var found = new List<(long Index, string Id)>();
        if (!manifest.HasIds)
        {
            return found;
        }

        uint[] wanted = [.. ids.Select(Of).Distinct()];
        byte[] buffer = new byte[BufferSize];
        long first = 0;
        await using var marks = await store.OpenIdMarksAsync(manifest, cancellationToken);
        while (await marks.ReadAtLeastAsync(buffer, BufferSize, throwOnEndOfStream: false, cancellationToken) is > 0 and var read)
        {
            foreach (long index in PlacesOf(wanted, buffer.AsSpan(0, read)).Select(place => first + place))
            {
                if (index < manifest.ItemCount
                    && await store.ReadIdAsync(manifest, index, cancellationToken) is { } id
                    && ids.Contains(id))
                {
                    found.Add((index, id));
                    if (found.Count > most)
                    {
                        return found;
                    }
                }
            }

            first += read / Size;
        }

        return first == manifest.ItemCount ? found : throw Damaged(manifest.Id, $"it has {first} of {manifest.ItemCount} items");
    }

    /// <summary>The exception for marks that are not what was written.</summary>
    /// <param name="how">What is wrong with them, as the end of a sentence.</param>
    public static DamagedDataException Damaged(string batchId, string how, Exception? cause = null) =>
        new($"{NameOf(batchId)} is damaged: {how}.", cause);

    /// <summary>The name of a batch's marks in messages: the beginning of a sentence.</summary>
    public static string NameOf(string batchId) => $"The index of the ids of batch '{batchId}'";

    static List<int> PlacesOf(uint[] wanted, ReadOnlySpan<byte> bytes)
    {
        var places = new List<int>();
        var marks = MemoryMarshal.Cast<byte, uint>(bytes);
        foreach (uint mark in wanted)
        {
            for (int at = 0; marks[at..].IndexOf(mark) is >= 0 and var next; at += next + 1)
            {
                places.Add(at + next);
            }
        }

        places.Sort();
        return places;
    }
}
