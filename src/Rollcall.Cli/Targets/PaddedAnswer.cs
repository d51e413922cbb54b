namespace Rollcall.Cli.Targets;

/// <summary>An answer of a wanted length that holds the payload it answers, so that anybody can check which item it belongs to.</summary>
static class PaddedAnswer
{
    static ReadOnlySpan<byte> Start => "{\"echo\":"u8;

    static ReadOnlySpan<byte> Middle => ",\"pad\":\""u8;

    static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>Makes the answer <c>{"echo":PAYLOAD,"pad":"xxx…"}</c>.</summary>
    /// <param name="payload">The payload, JSON.</param>
    /// <param name="bytes">The answer's length. Below what the echo needs, the answer is that many bytes of padding alone.</param>
    /// <returns>Exactly <paramref name="bytes"/> bytes.</returns>
    public static byte[] Create(ReadOnlySpan<byte> payload, int bytes)
    {
        byte[] answer = new byte[bytes];
        answer.AsSpan().Fill((byte)'x');
        if (bytes >= Start.Length + payload.Length + Middle.Length + End.Length)
        {
            Start.CopyTo(answer);
            payload.CopyTo(answer.AsSpan(Start.Length));
            Middle.CopyTo(answer.AsSpan(Start.Length + payload.Length));
            End.CopyTo(answer.AsSpan(bytes - End.Length));
        }

        return answer;
    }
}
