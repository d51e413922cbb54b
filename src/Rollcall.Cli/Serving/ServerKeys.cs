using System.Security.Cryptography;
using System.Text;

namespace Rollcall.Cli.Serving;

/// <summary>The keys of a server, of which a request must have one.</summary>
sealed class ServerKeys
{
    /// <summary>The environment variable that has keys, with commas between them.</summary>
    public const string Variable = "ROLLCALL_KEYS";

    const char Separator = ',';
    const char Comment = '#';

    // Hashes have one length, so that the comparison takes the same time for a key of any.
    readonly byte[][] hashes;

    ServerKeys(IEnumerable<string> keys) => hashes = [.. keys.Select(HashOf)];

    /// <summary>Reads the keys that a server is given.</summary>
    /// <param name="file">A file with one a line; empty lines and those that start with # are none. Null for no file.</param>
    /// <param name="variable">The value of <see cref="Variable"/>; null where it is not set.</param>
    /// <returns>The keys of both; null where neither is given.</returns>
    /// <exception cref="CliException">
    /// The file cannot be read, or by more than its owner; there is no key in one of them, or one that no header can have.
    /// </exception>
    public static ServerKeys? Read(string? file, string? variable)
    {
        string[] keys =
        [
            .. file is null ? [] : Require(KeysIn(file), $"The key file '{file}'"),
            .. string.IsNullOrEmpty(variable)
                ? []
                : Require(variable.Split(Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), Variable),
        ];
        return keys.Length == 0 ? null : new ServerKeys(keys);
    }

    /// <summary>Whether a text is one of the keys. How long the look takes says nothing of how near it is to one.</summary>
    public bool Has(string key)
    {
        byte[] hash = HashOf(key);
        bool isOne = false;
        foreach (byte[] known in hashes)
        {
            isOne |= CryptographicOperations.FixedTimeEquals(known, hash);
        }

        return isOne;
    }

    static IEnumerable<string> KeysIn(string file)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            {
                throw CliException.Usage($"The key file '{file}' can be read or written by others than its owner: chmod 600 it.");
            }

            return File.ReadAllLines(file).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != Comment);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The key file '{file}' cannot be read: {exception.Message}");
        }
    }

    static List<string> Require(IEnumerable<string> keys, string source)
    {
        var found = keys.ToList();
        return found.Count == 0 ? throw CliException.Usage($"{source} has no key in it.")
            : found.Exists(key => key.Any(c => c is < '!' or > '~')) ? throw CliException.Usage(
                $"{source} has a key with a character that is not printable ASCII, or with a space in it.")
            : found;
    }

    static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
