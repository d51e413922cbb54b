using System.Reflection;

namespace Rollcall;

/// <summary>The version of this Rollcall.</summary>
static class ProductVersion
{
    const int ShortCommit = 7;

    static readonly Assembly Own = typeof(ProductVersion).Assembly;

    /// <summary>The version: <c>0.2.0</c>.</summary>
    public static string Number { get; } = Own.GetName().Version!.ToString(3);

    /// <summary>The version and the commit that was built: <c>0.2.0 (c7bc3ae)</c>. A build without git has no commit.</summary>
    public static string Full { get; } = Describe(Own.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    /// <summary>The <c>User-Agent</c> of requests, unless a header of the batch sets another: <c>Rollcall/0.2</c>.</summary>
    public static string UserAgent { get; } = $"Rollcall/{Own.GetName().Version!.ToString(2)}";

    /// <summary>Formats a version for people.</summary>
    /// <param name="informational">The version, followed by a plus and the commit's full hash, if there is one.</param>
    internal static string Describe(string informational)
    {
        string[] parts = informational.Split('+', 2);
        return parts.Length == 1 ? parts[0] : $"{parts[0]} ({parts[1][..Math.Min(ShortCommit, parts[1].Length)]})";
    }
}
