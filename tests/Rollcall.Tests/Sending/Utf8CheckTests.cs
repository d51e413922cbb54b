using System.Text.Unicode;
using CsCheck;
using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class Utf8CheckTests
{
    // Pieces of valid and invalid sequences, so that random joins are often nearly valid.
    static readonly byte[][] Sequences =
    [
        [0x41], [0x7F], [0x80], [0xBF], [0xC0, 0x80], [0xC2], [0xC3, 0xA9], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xE2, 0x82, 0xAC],
        [0xED, 0xA0, 0x80],
        [0xEF, 0xBB, 0xBF],
        [0xF0, 0x9F, 0x98],
        [0xF0, 0x9F, 0x98, 0x80],
        [0xF0, 0x80],
        [0xF4, 0x90, 0x80, 0x80],
        [0xF5],
        [0xFF],
    ];

    [Fact]
    public void Check_OfBytesSplitAnywhere_AgreesWithTheWhole()
    {
        var bytes = Gen.OneOf(
            Gen.Int[0, Sequences.Length - 1].Array[0, 12].Select(picks => picks.SelectMany(p => Sequences[p]).ToArray()),
            Gen.String.Select(System.Text.Encoding.UTF8.GetBytes),
            Gen.Byte.Array[0, 20]);
        Gen.Select(bytes, Gen.Int[0, 5].Array[1, 40]).Sample(
            (whole, lengths) => Check(whole, lengths) == Utf8.IsValid(whole),
            iter: 50_000);
    }

    [Fact]
    public void Check_OfEveryCharacterByteByByte_IsValid()
    {
        int[] characters = [.. Enumerable.Range(0, 0x110000).Where(System.Text.Rune.IsValid)];
        Assert.DoesNotContain(characters, c => !Check(System.Text.Encoding.UTF8.GetBytes(new System.Text.Rune(c).ToString()), [1]));
    }

    static bool Check(byte[] whole, int[] lengths)
    {
        var check = default(Utf8Check);
        int start = 0;
        for (int i = 0; start < whole.Length; i++)
        {
            // A turn of empty pieces only would never end.
            int length = i % (lengths.Length + 1) == lengths.Length ? 1 : lengths[i % (lengths.Length + 1)];
            length = Math.Min(length, whole.Length - start);
            check.Append(whole.AsSpan(start, length));
            start += length;
        }

        return check.IsValid;
    }
}
