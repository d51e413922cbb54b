namespace Rollcall.Tests.Building;

/// <summary>Damages files like a disk that loses or changes what was written.</summary>
static class FileDamage
{
    /// <summary>Changes one bit of a byte.</summary>
    public static async Task FlipAsync(string path, int at)
    {
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
    }

    /// <summary>Changes one bit of the last byte of a text.</summary>
    public static async Task FlipTextAsync(string path, string text)
    {
        int at = (await File.ReadAllBytesAsync(path)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));
        Assert.True(at >= 0, $"'{path}' has no '{text}'.");
        await FlipAsync(path, at + text.Length - 1);
    }
}
