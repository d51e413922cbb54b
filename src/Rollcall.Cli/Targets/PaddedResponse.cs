namespace Rollcall.Cli.Targets;

/// <summary>A response of a given length that contains the payload, so that a check can tell which item it belongs to.</summary>
static class PaddedResponse
{
    static ReadOnlySpan<byte> Start => "{\"echo\":"u8;

    static ReadOnlySpan<byte> Middle => ",\"pad\":\""u8;

    static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>Creates the response <c>{"echo":PAYLOAD,"pad":"xxx…"}</c>.</summary>
    /// <param name="payload">The payload, JSON.</param>
    /// <param name="bytes">The response's length. If it is too short for the echo, the response is only padding.</param>
    /// <returns>Exactly <paramref name="bytes"/> bytes.</returns>
    public static byte[] Create(ReadOnlySpan<byte> payload, int bytes)
    {
        byte[] response = new byte[bytes];
        response.AsSpan().Fill((byte)'x');
        if (bytes >= Start.Length + payload.Length + Middle.Length + End.Length)
        {
            Start.CopyTo(response);
            payload.CopyTo(response.AsSpan(Start.Length));
            Middle.CopyTo(response.AsSpan(Start.Length + payload.Length));
            End.CopyTo(response.AsSpan(bytes - End.Length));
        }

        return response;
    }
}
