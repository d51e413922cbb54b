using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rollcall.Items;

namespace Rollcall.Intake;

/// <summary>
/// Remembers the ids of a batch, and where they were, in 16-byte slots of an array that is at least 3/8 full: 27 to 43 bytes per id,
/// however long the ids are. An id is identified by 96 bits of a salted SHA-256. The probability that two of ten million different ids are
/// mistaken for each other is 6e-16. Nobody can construct such ids, and the same batch would be accepted the next time.
/// </summary>
sealed class SeenIds
{
    const int FirstSlots = 64;
    const int SaltBytes = 16;
    const int MaxUtf8BytesOfACharacter = 3;

    readonly byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
    Slot[] slots = [];
    int count;

    /// <summary>Adds an id, unless it was added before.</summary>
    /// <param name="id">The id: at most <see cref="BatchItem.MaxIdLength"/> characters.</param>
    /// <param name="place">Where it is, from 1.</param>
    /// <returns>Where it was before; null if this is the first time.</returns>
    public long? FindOrAdd(string id, long place)
    {
        if (count >= slots.Length / 4 * 3)
        {
            Grow();
        }

        var wanted = Hash(id, checked((uint)place));
        ref var slot = ref FindSlot(wanted);
        if (slot.Place != 0)
        {
            return slot.Place;
        }

        slot = wanted;
        count++;
        return null;
    }

    Slot Hash(string id, uint place)
    {
        Span<byte> text = stackalloc byte[SaltBytes + (BatchItem.MaxIdLength * MaxUtf8BytesOfACharacter)];
        salt.CopyTo(text);
        int length = SaltBytes + Encoding.UTF8.GetBytes(id, text[SaltBytes..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return new Slot(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt32LittleEndian(hash[8..]), place);
    }

    // The slot with the hash, or the free one for it.
    ref Slot FindSlot(Slot wanted)
    {
        int index = (int)(wanted.First & (ulong)(slots.Length - 1));
        while (slots[index].Place != 0 && (slots[index].First != wanted.First || slots[index].Second != wanted.Second))
        {
            index = (index + 1) & (slots.Length - 1);
        }

        return ref slots[index];
    }

    void Grow()
    {
        var before = slots;
        slots = new Slot[Math.Max(FirstSlots, 2 * before.Length)];
        foreach (var slot in before.Where(slot => slot.Place != 0))
        {
            FindSlot(slot) = slot;
        }
    }

    readonly record struct Slot(ulong First, uint Second, uint Place);
}
