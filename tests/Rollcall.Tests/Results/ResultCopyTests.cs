using CsCheck;
using Rollcall.Results;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Results;

public sealed class ResultCopyTests
{
    // Around the sizes of the reader's head and buffer.
    static readonly int[] Lengths = [0, 1, 200, 16_000, 16_384, 65_536, 70_000, 200_000];

    static readonly int[] Pieces = [7, 1000, 100_000];

    [Fact]
    public async Task Lines_ThatAreWanted_AreCopiedByteForByteAndNoOthers()
    {
        var line = Gen.Select(
            Gen.Int[0, Lengths.Length - 1].Select(i => Lengths[i]),
            Gen.Int[0, 400],
            Gen.Bool,
            (length, more, isWanted) => (Length: length + more, IsWanted: isWanted));
        await Gen.Select(line.List[0, 8], Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i])).SampleAsync(
            async (lines, piece) =>
            {
                var all = new MemoryStream();
                var wanted = new MemoryStream();
                for (int i = 0; i < lines.Count; i++)
                {
                    byte[] bytes = await ResultLines.WriteAsync(TestOutcome.Succeeded(i, new string('x', lines[i].Length)));
                    all.Write(bytes);
                    if (lines[i].IsWanted)
                    {
                        wanted.Write(bytes);
                    }
                }

                using var source = new PiecesStream(all.ToArray(), piece);
                using var copy = new MemoryStream();
                var reader = new ResultReader(source, []);
                var indexes = new List<long>();
                while (await reader.CopyAsync(l => lines[(int)l.Index].IsWanted, copy, CancellationToken.None) is { } read)
                {
                    indexes.Add(read.Index);
                }

                Assert.Equal(Enumerable.Range(0, lines.Count).Select(i => (long)i), indexes);
                Assert.True(wanted.ToArray().AsSpan().SequenceEqual(copy.ToArray()), "What was copied is not what was wanted.");
            },
            iter: 60,
            threads: 1);
    }

    sealed class PiecesStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
