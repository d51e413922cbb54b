using System.Security.Cryptography;
using System.Text;

namespace Rollcall.Cli.Serving;

/// <summary>The keys of a server. Each request must have one of them.</summary>
sealed class ServerKeys
{
    /// <summary>The environment variable that holds keys, separated by commas.</summary>
    public const string Variable = "ROLLCALL_KEYS";

    const char Separator = ',';
    const char Comment = '#';

    // Hashes have the same length, so the comparison time does not depend on the length of the key.
    readonly byte[][] hashes;

    ServerKeys(IEnumerable<string> keys) => hashes = [.. keys.Select(HashOf)];

    /// <summary>Reads the server's keys.</summary>
    /// <param name="file">A file with one key per line; empty lines and lines that start with # are ignored. Null for no file.</param>
    /// <param name="variable">The value of <see cref="Variable"/>; null if it is not set.</param>
    /// <returns>The keys of both; null if neither is given.</returns>
    /// <exception cref="CliException">
    /// The file cannot be read, or others than its owner have access; or a source contains no key, or one that a header cannot hold.
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

    /// <summary>Whether a text is one of the keys. The time this takes does not reveal how close it is to a key.</summary>
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
                throw CliException.Usage($"The key file '{file}' can be accessed by other users. Restrict it with chmod 600.");
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
        if (found.Count == 0)
        {
            throw CliException.Usage($"{source} contains no key.");
        }

        if (found.Exists(key => key.Any(c => c is < '!' or > '~')))
        {
            throw CliException.Usage($"{source} contains a key with a space, or with a character that is not printable ASCII.");
        }

        return found;
    }

    static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
