namespace Rollcall.Tests.Building;

/// <summary>Bytes to send and receive, the same in every run.</summary>
static class TestBytes
{
    /// <summary>Bytes that are not text and do not repeat: D. Knuth's linear congruential generator (MMIX).</summary>
    public static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        ulong state = (ulong)length;
        for (int i = 0; i < length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            bytes[i] = (byte)(state >> 56);
        }

        return bytes;
    }

    public static byte[] Text(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)('a' + (i * 7L % 26)))];
}
