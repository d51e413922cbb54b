using System.Text;
using CsCheck;

namespace Rollcall.Tests.Api;

/// <summary>
/// Bytes that no client should send: the response is a status and, if that is no success, a problem that says nothing of the inside.
/// </summary>
public sealed class MalformedRequestTests : IDisposable
{
    const string Valid =
        """
        { "id": "x", "target": { "url": "http://h/", "headers": { "A": "b\u00e9~1/", "B": { "secret": "S" } } },
          "items": [ { "id": "a\ud83d\ude00", "body": { "p": [1, 2.5e3, "\u00e9", null] } }, { "body": "x" } ],
          "options": { "concurrency": 8, "retry": { "maxAttempts": 2 } }, "startAt": "2026-01-02T05:00:00Z",
          "onCompleted": { "webhook": { "url": "http://w/" } } }
        """;

    const string Start = """{"target":{"url":"http://h/"},"items":[{"body":1}]""";
    static readonly string Nested = new string('[', 1200) + new string(']', 1200);
    static readonly string Digits = new('9', 100_000);

    static readonly int[] Statuses = [200, 202, 400, 409, 413, 415];
    static readonly string[] Formats = ["lines", "items", "requests", "json"];
    static readonly string[] Inside = ["System.", " at ", "Exception", "isFinalBlock", "LineNumber", "reader options"];

    readonly TestApi api = new();

    /// <summary>Inputs that are not JSON, and where.</summary>
    public static TheoryData<byte[], string> NotJson { get; } = new()
    {
        { [], "It is empty. (at byte 1)" },
        { [.. "  \n "u8], "It is empty. (at byte 5)" },
        { [.. "{"u8], "It ends before every object and array is closed. (at byte 2)" },
        {
            [.. """{"target":{"url":"http://h/"},"items":[{"body":1}]"""u8],
            "It ends before every object and array is closed. (at byte 51)"
        },
        { [.. """{"target":{"url":"http://h/"},"items":[{"body":"""u8], "(at byte 48)" },
        { [.. """{"target":{"url":"http://h"""u8], "(at byte 27)" },
        { [.. """{"target":tru"""u8], "(at byte 14)" },
        { [.. """{"target":-"""u8], "(at byte 12)" },
        { [.. """{"a":1.}"""u8], "(at byte 8)" },
        { [.. """{"a":01}"""u8], "(at byte 7)" },
        { [.. """{"a":NaN}"""u8], "(at byte 6)" },
        { [.. "{'a':1}"u8], "(at byte 2)" },
        { [.. """{"a":1,}"""u8], "A comma comes before a closing bracket. (at byte 8)" },
        { [.. """{"items":[1,]}"""u8], "A comma comes before a closing bracket. (at byte 13)" },
        { [.. """{"a" 1}"""u8], "(at byte 6)" },
        { [.. """{"a":1 "b":2}"""u8], "(at byte 8)" },
        { [.. """{"a":1]"""u8], "(at byte 7)" },
        { [.. "{\n\"a\":\n x}"u8], "(at byte 9)" },
        { [.. "{/* */}"u8], "(at byte 2)" },
        { [.. "{} {}"u8], "(at byte 4)" },
        { [.. "{},"u8], "(at byte 3)" },
        { [.. "[] x"u8], "(at byte 4)" },
        { [.. "no batch"u8], "(at byte 2)" },
        { [.. """{"a":"\x"}"""u8], "(at byte 8)" },
        { [.. """{"a":"\u12"}"""u8], "(at byte 11)" },
        { [.. "{\"a\":\"\n\"}"u8], "(at byte 7)" },
        { [.. "\0"u8], "(at byte 1)" },
        { Encoding.Unicode.GetBytes("{}"), "(at byte 2)" },
        { Encoding.UTF8.GetBytes(Start + ""","x":""" + Nested + """}"""), "The maximum configured depth of 1000 has been exceeded." },
        {
            Encoding.UTF8.GetBytes("""{"target":""" + Nested + ""","items":[]}"""),
            "The maximum configured depth of 1000 has been exceeded."
        },
        {
            Encoding.UTF8.GetBytes("""{"items":[{"body":""" + Nested + """}]}"""),
            "The maximum configured depth of 1000 has been exceeded."
        },
        { Encoding.UTF8.GetBytes(Nested), "The maximum configured depth of 1000 has been exceeded." },
    };

    /// <summary>Inputs that are JSON, and odd.</summary>
    public static TheoryData<string> Odd { get; } =
    [
        "null", "\"\"", "0", "true", "[[]]", "{}",
        """{"\ud800":{"\udc00":[]}}""",
        """{"target":{"\ud800":1,"url":"\udfff"},"items":[{"\ud800":1}]}""",
        """{"target":{"url":"http://h/","headers":{"\ud800":"a","\ud800":"b"}},"items":[{"body":"\ud800"}]}""",
        """{"target":{"url":"http://h/","headers":{"A":{"secret":"\ud800"}}},"items":[{"body":1}]}""",
        """{"target":{"url":"\u0000"},"items":[{"id":"\u0000","body":1}]}""",
        Start + ""","id":"\ud800"}""",
        Start + ""","startAt":"\ud800"}""",
        Start + ""","onCompleted":{"webhook":{"url":"\ud800","secret":"\ud800"},"queue":"\ud800"}}""",
        Start + ""","input":"\ud800","itemsBlob":"\ud800"}""",
        Start + ""","options":{"concurrency":""" + Digits + """}}""",
        Start + ""","options":{"timeoutSeconds":""" + Digits + """.""" + Digits + """e""" + Digits + """}}""",
        Start + ""","options":{"timeoutSeconds":-1e-999999999999}}""",
        Start + ""","options":{"maxFailedItems":1e-0}}""",
        Start + ""","options":{"":0,"a":{"b":{"c":{}}}}}""",
        """{"target":{"url":"http://""" + Digits + """/"},"items":[{"body":1}]}""",
        """{"target":{"url":"http://h/?a=\u000d\u000a"},"items":[{"body":1}],"target":1,"items":2,"items":3}""",
        """{"target":{"url":"http://[::1/"},"items":[{"body":1,"body":2,"id":3,"id":4,"~/":5}]}""",
    ];

    /// <summary>Sequences that UTF-8 does not have, each after four bytes that it has.</summary>
    public static TheoryData<byte[]> NotUtf8 { get; } = new(
        new byte[] { 0xff },
        new byte[] { 0xc0, 0x80 },
        new byte[] { 0xed, 0xa0, 0x80 },
        new byte[] { 0xf4, 0x90, 0x80, 0x80 },
        new byte[] { 0xe2, 0x82 },
        new byte[] { 0x80 },
        new byte[] { 0xc3 });

    public void Dispose() => api.Dispose();

    [Theory]
    [MemberData(nameof(NotJson))]
    public async Task Request_ThatIsNotJson_IsToldTheByte(byte[] body, string end)
    {
        var response = await api.PostAsync("", "application/json", body);
        RequireNothingOfTheInside(response);
        var (place, message) = response.OnlyError(400);
        Assert.Equal("pointer ", place);
        Assert.StartsWith("is not JSON: ", message, StringComparison.Ordinal);
        Assert.Contains(end, message, StringComparison.Ordinal);
        Assert.Equal($"The request {message}", response.Problem(400));
    }

    [Theory]
    [MemberData(nameof(NotUtf8))]
    public async Task Request_ThatIsNotUtf8_IsToldTheByte(byte[] bytes)
    {
        var response = await api.PostAsync("", "application/json", [.. "{\"é"u8, .. bytes, .. "\":1}"u8]);
        RequireNothingOfTheInside(response);
        Assert.Equal(("pointer ", "is not valid UTF-8 (at byte 5)."), response.OnlyError(400));
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task Request_ThatIsOdd_IsRefusedWithAPointer(string json)
    {
        var response = await api.PostJsonAsync(json);
        RequireNothingOfTheInside(response);
        Assert.All(response.Errors(400), error => Assert.StartsWith("pointer", error.Place, StringComparison.Ordinal));
        Assert.InRange(response.Body.Length, 1, 20_000);
    }

    [Theory]
    [MemberData(nameof(NotJson))]
    [MemberData(nameof(NotUtf8))]
    public async Task Line_ThatIsNotJson_IsRefused(byte[] line, string? end = null)
    {
        foreach (string format in Formats)
        {
            var response = await api.PostAsync($"?to=http://h/&input={format}", "application/x-ndjson", [.. line, .. "\nx"u8]);
            RequireNothingOfTheInside(response);
            Assert.True(response.Status == 400, $"{response.Status} for the line that should be told \"{end}\".");
        }
    }

    [Fact]
    public async Task Request_ThatIsValid_IsStarted()
    {
        Assert.Equal(202, (await api.PostJsonAsync(Valid.Replace("b\\u00e9", "b", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task Request_ThatIsMutated_IsHandledInOrder()
    {
        byte[] valid = Encoding.UTF8.GetBytes(Valid.Replace("b\\u00e9", "b", StringComparison.Ordinal));
        await Mutations(valid).SampleAsync(
            async body =>
            {
                RequireNothingOfTheInside(await api.PostAsync("", "application/json", body));
                RequireNothingOfTheInside(await api.PostAsync("?to=http://h/&input=items", "application/x-ndjson", body));
            },
            iter: 1500,
            threads: 1);
    }

    [Fact]
    public async Task Query_ThatIsMutated_IsHandledInOrder()
    {
        byte[] valid = Encoding.ASCII.GetBytes(
            "to=http%3A%2F%2Fh%2F&id=n&concurrency=8&startAt=2026-01-02T05:00:00Z"
            + "&webhook=http%3A%2F%2Fw%2F&webhookSecret=S&maxFailedPercent=5&input=items");
        await Mutations(valid).SampleAsync(
            async query => RequireNothingOfTheInside(await api.PostLinesAsync("?" + Encoding.Latin1.GetString(query), """{"body":1}""")),
            iter: 500,
            threads: 1);
    }

    /// <summary>One to three of: a byte changed, the end cut off, a part left out, a part doubled.</summary>
    static Gen<byte[]> Mutations(byte[] valid) =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 10_000], Gen.Int[1, 60], Gen.Byte).Array[1, 3].Select(changes =>
        {
            byte[] bytes = valid;
            foreach (var (kind, at, count, value) in changes)
            {
                int start = bytes.Length == 0 ? 0 : at % bytes.Length;
                int end = Math.Min(start + count, bytes.Length);
                bytes = kind switch
                {
                    0 when bytes.Length > 0 => [.. bytes[..start], value, .. bytes[(start + 1)..]],
                    1 => bytes[..start],
                    2 => [.. bytes[..start], .. bytes[end..]],
                    _ => [.. bytes[..end], .. bytes[start..]],
                };
            }

            return bytes;
        });

    static void RequireNothingOfTheInside(TestResponse response)
    {
        Assert.Contains(response.Status, Statuses);
        if (response.Status >= 300)
        {
            response.Problem(response.Status);
        }

        string texts = response.Status >= 300
            ? string.Join('\n', [response.Problem(response.Status), .. response.Errors(response.Status).Select(error => error.Message)])
            : response.Body;
        foreach (string inside in Inside)
        {
            Assert.DoesNotContain(inside, texts, StringComparison.Ordinal);
        }
    }
}
