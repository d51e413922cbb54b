using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Rollcall.EndToEnd.Tests.Fuzz;

/// <summary>Makes requests by chance: right ones, wrong ones, and ones that were right and had a part changed.</summary>
/// <param name="random">The chance.</param>
/// <param name="target">Where the batches' items go.</param>
/// <param name="hasOwnRoutes">Whether the API also responds to routes and methods that do not exist.</param>
sealed class FuzzRequest(Random random, string target, bool hasOwnRoutes)
{
    static readonly string[] Ids = ["a", "b", "c", "d"];
    static readonly string[] OddIds = [
        "", ".", "..", "%2e%2e", "no such id", "ä", "con", new string('i', 65), "a/b", "%F0%9F", "-", "a%2Fb"];
    static readonly string[] OddNames = ["no such id", "ä", "con", new string('i', 65), "%F0%9F", "-"];
    static readonly string[] Verbs = ["cancel", "pause", "resume", "redrive"];
    static readonly string[] Types =
    [
        "application/json",
        "application/x-ndjson",
        "text/plain",
        "application/json; charset=utf-16",
        "application/problem+json",
        "multipart/form-data",
        "x/y",
    ];
    static readonly string[] Numbers = ["-1", "0", "1", "2", "1e9", "99999999999999999999", "NaN", "null", "\"1\"", "0.5", "[]", "true"];
    static readonly string[] Parameters =
        [
            "run=1",
            "run=0",
            "run=2",
            "run=x",
            "from=0",
            "from=1",
            "from=-1",
            "contiguous=true",
            "format=csv",
            "format=x",
            "status=failed",
            "status=x",
            "errorCode=timeout",
            "errorCode=x",
            "limit=1",
            "limit=0",
            "after=x",
            "after=0000000000000000001-a",
            "since=2026-01-01T00:00:00Z",
            "since=x",
            "inputParts=1",
            "until=2999-01-01T00:00:00Z",
            "none=1",
            "=",
            "&&",
            "run=1&run=2",
            "code=k"];

    static readonly (string Name, string Value)[] Headers =
        [
            ("Accept", "text/csv"),
            ("Accept-Encoding", "gzip"),
            ("Accept-Encoding", "gzip;q=x"),
            ("Content-Encoding", "gzip"),
            ("Origin", "null"),
            ("Sec-Fetch-Site", "cross-site"),
            ("If-Match", "\"x\""),
            ("Range", "bytes=0-1"),
            ("Expect", "100-continue"),
            ("X-Rollcall-Header-A", "b"),
            ("X-Rollcall-Header-Host", "b"),
            ("Idempotency-Key", "k"),
            ("x-functions-key", "k"),
            ("Authorization", "Bearer")];

    public HttpRequestMessage Next(Uri address)
    {
        var (method, path, body, type) = random.Next(20) switch
        {
            < 5 => (HttpMethod.Post, "batches", Mutate(StartJson()), Types[0]),
            5 => (HttpMethod.Post, $"batches?to={Uri.EscapeDataString(target)}&id={Id()}{Query('&')}", Mutate("1\n{\"a\":2}\n"), Types[1]),
            < 9 => (HttpMethod.Post, $"batches/{Id()}/{Pick(Verbs)}{Query('?')}", null, Types[0]),
            9 => (HttpMethod.Patch, $"batches/{Id()}", Mutate($"{{\"concurrency\":{Number()},\"ratePerSecond\":{Number()}}}"), Types[0]),
            10 or 11 => (HttpMethod.Delete, $"batches/{Id()}{Query('?')}", null, Types[0]),
            12 or 13 => (HttpMethod.Get, $"batches/{Id()}{Query('?')}", null, Types[0]),
            14 => (HttpMethod.Get, $"batches{Query('?')}", null, Types[0]),
            15 => (HttpMethod.Get, $"batches/{Id()}/results{Query('?')}", null, Types[0]),
            16 => (HttpMethod.Get, $"batches/{Id()}/receipt{Query('?')}", null, Types[0]),
            17 => (HttpMethod.Get, $"batches/{Id()}/items/{random.Next(4)}{Query('?')}", null, Types[0]),
            18 => random.Next(2) == 0
                ? (HttpMethod.Get, Pick("health", "openapi.json"), null, Types[0])
                : (HttpMethod.Put, $"batches/{Id()}/input/{Pick("0", "1", "-1", "99999", "x")}{Query('?')}", Mutate("1\n"), Types[0]),
            _ => Odd(),
        };
        var request = new HttpRequestMessage(method, new Uri(address, $"api/{path}"));
        if (body is not null || random.Next(10) == 0)
        {
            request.Content = new ByteArrayContent(body ?? []);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(random.Next(15) == 0 ? Pick(Types) : type);
        }

        if (random.Next(6) == 0)
        {
            var (name, value) = Headers[random.Next(Headers.Length)];
            _ = request.Headers.TryAddWithoutValidation(name, value)
                || request.Content?.Headers.TryAddWithoutValidation(name, value) == true;
        }

        return request;
    }

    (HttpMethod Method, string Path, byte[]? Body, string Type) Odd() => hasOwnRoutes
        ? (
            new HttpMethod(Pick("PUT", "GET", "POST", "PATCH", "DELETE", "OPTIONS", "HEAD", "FOO")),
            $"{Pick("batches", "batch", "health", "", "batches/a/items", "batches/a/items/x")}/{Id()}",
            Mutate("{}"),
            Types[0])
        : (HttpMethod.Get, $"batches/{Id()}/items/{Pick("9", "99999999999")}", null, Types[0]);

    string StartJson()
    {
        string items = string.Join(
            ',',
            Enumerable.Range(0, random.Next(4)).Select(
                i => $"{{\"id\":\"i{i}\",\"body\":{Pick("1", "\"text\"", "{\"a\":[1,2]}", "null")}}}"));
        string options = random.Next(3) == 0
            ? $",\"options\":{{\"{Pick("concurrency", "timeoutSeconds", "maxFailedItems", "deadlineSeconds", "none")}\":{Number()}}}"
            : "";
        string start = random.Next(8) == 0 ? $",\"startAt\":\"{Pick("2999-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "x")}\"" : "";
        return $"{{\"id\":\"{Id()}\",\"target\":{{\"url\":\"{target}\"}},\"items\":[{items}]{options}{start}}}";
    }

    // Most are left as they are; of the others a part is cut off, put in twice, or a byte is changed.
    byte[] Mutate(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int at = random.Next(bytes.Length);
        switch (random.Next(12))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes];
            case 2:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 3:
                return [0xEF, 0xBB, 0xBF, .. bytes];
            default:
                return bytes;
        }
    }

    string Id()
    {
        string[] odd = hasOwnRoutes ? OddIds : OddNames;
        return Pick(random.Next(12) == 0 ? odd : Ids);
    }

    string Number() => random.Next(3) == 0 ? Pick(Numbers) : random.Next(1, 9).ToString(CultureInfo.InvariantCulture);

    string Query(char first) => random.Next(4) == 0 ? first + Pick(Parameters) : "";

    string Pick(params string[] texts) => texts[random.Next(texts.Length)];
}
