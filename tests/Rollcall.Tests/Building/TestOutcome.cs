using System.Security.Cryptography;
using System.Text;
using Rollcall.Items;

namespace Rollcall.Tests.Building;

/// <summary>Outcomes with good defaults.</summary>
static class TestOutcome
{
    public static ItemOutcome Succeeded(long index, string body = "{}") => new()
    {
        Index = index,
        Status = OutcomeStatus.Succeeded,
        HttpStatus = 200,
        Attempts = 1,
        DurationMs = 1.5,
        ContentType = "application/json",
        Body = Text(body),
    };

    public static ItemOutcome Failed(long index, ItemErrorCode code, int? httpStatus = null) => new()
    {
        Index = index,
        Status = OutcomeStatus.Failed,
        HttpStatus = httpStatus,
        Attempts = 4,
        Error = ItemError.Of(code, "It failed."),
    };

    public static ItemBody Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new ItemBody { Text = text, Bytes = bytes.Length, Sha256 = Sha256Of(bytes) };
    }

    public static ItemBody Base64(byte[] bytes) =>
        new() { Base64 = Convert.ToBase64String(bytes), Bytes = bytes.Length, Sha256 = Sha256Of(bytes) };

    public static ItemBody Stored(string name, byte[] bytes, bool isText) =>
        new() { StoredName = name, StoredIsText = isText, Bytes = bytes.Length, Sha256 = Sha256Of(bytes) };

    public static string Sha256Of(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
