using System.Text.Json;

namespace Rollcall.Intake;

/// <summary>Follows lines to find out whether together they are JSON, such as an array that was written over several lines.</summary>
sealed class SpannedJson
{
    JsonReaderState state = new(new JsonReaderOptions { MaxDepth = LineParser.MaxDepth, AllowMultipleValues = true });

    // Bytes that can be parsed only together with the next ones, such as a comma.
    byte[] rest = [];
    bool isBroken;
    bool isArray;

    /// <summary>Begins with a line that is not JSON.</summary>
    /// <returns>The object that takes the next lines; null if no next line can make it JSON.</returns>
    public static SpannedJson? Begin(byte[] line)
    {
        var json = new SpannedJson { isArray = LineParser.IsArray(line) };
        json.Read(line);
        return json.isBroken || json.IsClosed() ? null : json;
    }

    /// <summary>Adds the next line.</summary>
    /// <param name="line">The line; null for one that is too long to be read.</param>
    public void Add(byte[]? line)
    {
        if (!isBroken)
        {
            isBroken = line is null;
            Read(line ?? []);
        }
    }

    /// <summary>Describes what the lines are together.</summary>
    /// <returns>The rest of a sentence whose subject is the input; null if they are not JSON.</returns>
    public string? Describe() => !isBroken && IsClosed() ? Describe(isArray, isOneLine: false) : null;

    /// <summary>Describes an input that is JSON as a whole, and not line by line.</summary>
    public static string Describe(bool isArray, bool isOneLine)
    {
        const string Elements = "and each line must be one payload. Its elements are read with --input json (input=json).";
        return (isArray, isOneLine) switch
        {
            (true, true) => $"is one JSON array, {Elements} To send the array itself as one payload, make it the body of an item, "
                + "{\"body\":[…]}, and have the lines be items (--input items, input=items).",
            (true, false) => $"is one JSON array over several lines, {Elements}",
            _ => "is JSON that goes over several lines, and each line must be one payload. This writes each value on one line: "
                + "jq -c . FILE",
        };
    }

    void Read(byte[] line)
    {
        byte[] block = [.. rest, .. line, (byte)'\n'];
        var reader = new Utf8JsonReader(block, isFinalBlock: false, state);
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            isBroken = true;
        }

        state = reader.CurrentState;
        rest = block[(int)reader.BytesConsumed..];
    }

    bool IsClosed()
    {
        try
        {
            return !new Utf8JsonReader(rest, isFinalBlock: true, state).Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
