using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

/// <summary>What a wrong request as JSON is told.</summary>
public sealed class RequestErrorTests : IDisposable
{
    const string Open = """{"target":{"url":"http://h/"}""";
    const string Valid = Open + ""","items":[{"body":1}]""";
    const string UnknownField = "is not known:";

    readonly TestApi api = new();

    public void Dispose() => api.Dispose();

    [Theory]
    [InlineData("[]", "", "is not a batch: an object with \"target\" and \"items\" or \"itemsBlob\" is needed.")]
    [InlineData("7", "", "is not a batch: an object with")]
    [InlineData("""{"items":[{"body":1}]}""", "/target", "is missing: an object with the \"url\"")]
    [InlineData(
        """{"target":null,"items":[{"body":1}]}""",
        "/target",
        "is null: an object is needed, and \"url\", \"headers\", \"method\", \"query\", \"body\", \"contentType\", \"form\", \"auth\" "
        + "and \"tls\" are allowed in it.")]
    [InlineData(
        """{"target":{},"items":[{"body":1}]}""",
        "/target/url",
        "is missing: an absolute http:// or https:// URL is needed, because /items/0 has none of its own.")]
    [InlineData("""{"target":{"url":7},"items":[{"body":1}]}""", "/target/url", "is 7: an absolute http:// or https:// URL is needed.")]
    [InlineData(
        """{"target":{"url":"ftp://h/"},"items":[{"body":1}]}""",
        "/target/url",
        "is not allowed: 'ftp://h/' is not a URL to send to")]
    [InlineData(
        """{"target":{"url":"http://u:p@h/"},"items":[{"body":1}]}""",
        "/target/url",
        "is not allowed: A URL with a user name or password")]
    [InlineData("""{"target":{"url":"http://h/","url":"http://i/"},"items":[{"body":1}]}""", "/target/url", "is there more than once.")]
    [InlineData(
        """{"target":{"url":"http://h/","URL":"http://i/"},"items":[{"body":1}]}""",
        "/target/URL",
        "is not known: \"url\", \"headers\", \"method\", \"query\", \"body\", \"contentType\", \"form\", \"auth\" and \"tls\" are "
        + "allowed. "
        + "Did you mean \"url\"?")]
    [InlineData("""{"target":{"url":"http://h/","verb":"PUT"},"items":[{"body":1}]}""", "/target/verb", UnknownField)]
    [InlineData(
        """{"target":{"url":"http://h/","headers":null},"items":[{"body":1}]}""",
        "/target/headers",
        "is null: an object of header names and values is needed.")]
    [InlineData(
        """{"target":{"url":"http://h/","headers":{"A":1}},"items":[{"body":1}]}""",
        "/target/headers/A",
        "is 1: a string, or an object with \"secret\", is needed.")]
    [InlineData("""{"target":{"url":"http://h/","headers":{"A":null}},"items":[{"body":1}]}""", "/target/headers/A", "is null: a string")]
    [InlineData(
        """{"target":{"url":"http://h/","headers":{"A":"\n"}},"items":[{"body":1}]}""",
        "/target/headers/A",
        "is not allowed: The value of the header 'A' has a character")]
    [InlineData(
        """{"target":{"url":"http://h/","headers":{"A/b ~":"x"}},"items":[{"body":1}]}""",
        "/target/headers/A~1b ~0",
        "is not allowed: 'A/b ~' is not a header name")]
    [InlineData(
        """{"target":{"url":"http://h/","headers":{"Content-Length":"5"}},"items":[{"body":1}]}""",
        "/target/headers/Content-Length",
        "is not allowed: The header 'Content-Length' is set by Rollcall")]
    [InlineData(
        """{"target":{"url":"http://h/","headers":{"Foo":"a","foo":"b"}},"items":[{"body":1}]}""",
        "/target/headers/foo",
        "is there more than once.")]
    [InlineData(
        """{"target":{"url":"http://h/","headers":{"A":{"sceret":"B"}}},"items":[{"body":1}]}""",
        "/target/headers/A/sceret",
        "is not known: \"secret\" is allowed. Did you mean \"secret\"?",
        "/target/headers/A/secret")]
    [InlineData(
        """{"target":{"url":"http://h/","headers":{"A":{"secret":""}}},"items":[{"body":1}]}""",
        "/target/headers/A/secret",
        "is not the name of a secret: the name of a secret, 1 to 128 of letters, digits, _ and -, is needed, and not the secret itself.")]
    [InlineData(Open + "}", "/items", "is missing: the items to send, or \"itemsBlob\", are needed.")]
    [InlineData(Open + ""","items":[]}""", "/items", "has no item, so there is nothing to send.")]
    [InlineData(Open + ""","items":null}""", "/items", "is null: an array of items such as")]
    [InlineData(Open + ""","items":{"a":[1]}}""", "/items", "is an object: an array of items such as")]
    [InlineData(Open + ""","items":[1]}""", "/items/0", "is a number: an object such as")]
    [InlineData(Open + ""","items":[{"body":1},[{"body":2}],{"body":3}]}""", "/items/1", "is an array: an object such as")]
    [InlineData(Open + ""","items":[{"body":1},{"id":"a"}]}""", "/items/1/body", "is missing: the payload to send is needed.")]
    [InlineData(
        Open + ""","items":[{"body":1,"boddy":{"x":[2]}}]}""",
        "/items/0/boddy",
        "is not known: \"id\" and \"body\" are allowed. Did you mean \"body\"?")]
    [InlineData(Open + ""","items":[{"body":1},{"body":1},{"body":1,"x":2}]}""", "/items/2/x", UnknownField)]
    [InlineData(Open + ""","items":[{"body":1,"body":2}]}""", "/items/0/body", "is there more than once.")]
    [InlineData(Open + ""","items":[{"id":"a","id":"b","body":2}]}""", "/items/0/id", "is there more than once.")]
    [InlineData(Open + ""","items":[{"id":"","body":1}]}""", "/items/0/id", "has 0 characters: a string of 1 to 256 characters is needed.")]
    [InlineData(
        Open + ""","items":[{"body":1},{"body":1},{"body":1},{"id":{"a":[7]},"body":1}]}""",
        "/items/3/id",
        "is an object: a string of 1 to 256 characters is needed.")]
    [InlineData(Open + ""","items":[{"id":null,"body":1}]}""", "/items/0/id", "is null: a string of 1 to 256 characters is needed.")]
    [InlineData(
        Open + ""","items":[{"id":"a","body":1},{"body":2},{"id":"\u0061","body":1}]}""",
        "/items/2/id",
        "is 'a', as /items/0/id is: each item needs one of its own, or none.")]
    [InlineData(Open + ""","items":[{"id":"\ud800","body":1}]}""", "/items/0/id", "has half of a surrogate pair")]
    [InlineData(Open + ""","items":[{"\ud800":1,"body":1}]}""", "/items/0/\\ud800", UnknownField)]
    [InlineData(Open + ""","items":[{"body":1}],"itemsBlob":7}""", "/itemsBlob", "is not allowed: this host has no blobs.", "/itemsBlob")]
    [InlineData(Open + ""","items":[{"body":1}],"input":"items"}""", "/input", "says how \"itemsBlob\" is read, and there is none.")]
    [InlineData(Open + ""","items":[{"body":1}],"limit":7}""", "/limit", "says how \"itemsBlob\" is read, and there is none.")]
    [InlineData(
        Open + ""","itemsBlob":"a/b"}""",
        "/itemsBlob",
        "is not allowed: this host has no blobs. Send the lines as application/x-ndjson.")]
    [InlineData(Valid + ""","id":"a/b"}""", "/id", "is 'a/b': 1 to 64 of A-Z a-z 0-9 - _ are allowed")]
    [InlineData(Valid + ""","id":null}""", "/id", "is null: a string of 1 to 64")]
    [InlineData(Valid + ""","id":"\udc00"}""", "/id", "has half of a surrogate pair")]
    [InlineData(Valid + ""","id":"a","id":"a"}""", "/id", "is there more than once.")]
    [InlineData(Valid + ""","Options":{}}""", "/Options", UnknownField)]
    [InlineData(Valid + ""","itmes":[]}""", "/itmes", UnknownField)]
    [InlineData(Valid + ""","\ud800":1}""", "/\\ud800", UnknownField)]
    [InlineData(Valid + ""","":1}""", "/", UnknownField)]
    [InlineData(Valid + ""","options":null}""", "/options", "is null: an object is needed, and \"concurrency\", ")]
    [InlineData(
        Valid + ""","options":{"concurrency":"x"}}""",
        "/options/concurrency",
        "is a string: a whole number is needed, and 1 to 10000 is allowed.")]
    [InlineData(Valid + ""","options":{"concurrency":null}}""", "/options/concurrency", "is null: a whole number is needed")]
    [InlineData(
        Valid + ""","options":{"concurrency":1.5}}""",
        "/options/concurrency",
        "is 1.5: a whole number is needed, and 1 to 10000 is allowed.")]
    [InlineData(Valid + ""","options":{"concurrency":0}}""", "/options/concurrency", "is 0: 1 to 10000 is allowed.")]
    [InlineData(
        Valid + ""","options":{"concurrency":99999999999999999999}}""",
        "/options/concurrency",
        "is 99999999999999999999: a whole number is needed, and 1 to 10000")]
    [InlineData(Valid + ""","options":{"concurrency":5,"concurrency":6}}""", "/options/concurrency", "is there more than once.")]
    [InlineData(Valid + ""","options":{"timeoutSecond":5}}""", "/options/timeoutSecond", UnknownField)]
    [InlineData(
        Valid + ""","options":{"timeoutSeconds":1e999}}""",
        "/options/timeoutSeconds",
        "is Infinity: above 0 and up to 86400 is allowed.")]
    [InlineData(Valid + ""","options":{"itemsPerActivity":5}}""", "/options/itemsPerActivity", "is 5: only 1 is allowed.")]
    [InlineData(
        Valid + ""","options":{"ratePerSecond":0}}""",
        "/options/ratePerSecond",
        "is 0: above 0 and up to 100000, or null, is allowed.")]
    [InlineData(Valid + ""","options":{"maxFailedItems":-1}}""", "/options/maxFailedItems", "is -1: 0 or more, or null, is allowed.")]
    [InlineData(
        Valid + ""","options":{"maxFailedItems":9223372036854775808}}""",
        "/options/maxFailedItems",
        "is 9223372036854775808: a whole number is needed, and 0 or more")]
    [InlineData(Valid + ""","options":{"maxFailedPercent":101}}""", "/options/maxFailedPercent", "is 101: 0 to 100, or null, is allowed.")]
    [InlineData(
        Valid + ""","options":{"deadlineSeconds":31622401}}""",
        "/options/deadlineSeconds",
        "is 31622401: above 0 and up to 31622400, or null, is allowed.")]
    [InlineData(
        Valid + ""","options":{"followRedirects":"true"}}""",
        "/options/followRedirects",
        "is a string: true and false are allowed.")]
    [InlineData(Valid + ""","options":{"retry":[]}}""", "/options/retry", "is an array: an object is needed")]
    [InlineData(Valid + ""","options":{"retry":{"x":1}}}""", "/options/retry/x", UnknownField)]
    [InlineData(Valid + ""","options":{"retry":{"maxAttempts":101}}}""", "/options/retry/maxAttempts", "is 101: 1 to 100 is allowed.")]
    [InlineData(Valid + ""","options":{"retry":{"onTimeout":1}}}""", "/options/retry/onTimeout", "is 1: true and false are allowed.")]
    public async Task Field_ThatIsWrong_IsNamedWithWhatIsAllowed(string json, string field, string message, string? second = null)
    {
        var response = await api.PostJsonAsync(json);
        var errors = response.Errors(400);
        Assert.Equal(
            [$"pointer {field}", .. second is null ? Array.Empty<string>() : [$"pointer {second}"]],
            errors.Select(error => error.Place));
        Assert.StartsWith(message, errors[0].Message, StringComparison.Ordinal);
        string sentence = $"{(field.Length == 0 ? "The request" : field)} {errors[0].Message}";
        Assert.Equal(second is null ? sentence : "The request has 2 errors.", response.Problem(400));
        Assert.Empty(api.Scheduler.Scheduled);
        Assert.Empty((await api.ListAsync()).Json.GetProperty("batches").EnumerateArray());
    }

    [Theory]
    [InlineData(""","items":[{"body":1}],"itemsBlob":"in-1/b"}""", "/itemsBlob", "is there beside \"items\": one of them is allowed.")]
    [InlineData(
        ""","itemsBlob":null}""",
        "/itemsBlob",
        "is null: a string of 1 to 1088 characters, a container, a slash and a blob's name, is needed.")]
    [InlineData(""","itemsBlob":""}""", "/itemsBlob", "is '': a string of 1 to 1088 characters")]
    [InlineData(""","itemsBlob":"in-1/b","input":"xlsx"}""", "/input", "is 'xlsx': 'lines', 'items', ")]
    [InlineData(""","itemsBlob":"in-1/b","input":null}""", "/input", "is null: one of 'lines', 'items', ")]
    [InlineData(""","itemsBlob":"in-1/b","csvTypes":"number"}""", "/csvTypes", "is 'number': 'infer' and 'string' are allowed.")]
    [InlineData(""","itemsBlob":"in-1/b","csvTypes":1}""", "/csvTypes", "is 1: a string is needed.")]
    [InlineData(""","itemsBlob":"in-1/b","itemId":7}""", "/itemId", "is 7: a string is needed.")]
    [InlineData(""","itemsBlob":"in-1/b","allowDuplicateIds":"true"}""", "/allowDuplicateIds", "is a string: true or false is needed.")]
    [InlineData(""","itemsBlob":"in-1/b","limit":"5"}""", "/limit", "is a string: a whole number of at least 1 is needed.")]
    [InlineData(""","itemsBlob":"in-1/b","limit":1.5}""", "/limit", "is '1.5': a whole number of at least 1 is needed.")]
    public async Task Blob_ThatIsWrong_IsNamed(string more, string field, string message)
    {
        using var withBlobs = new TestApi(TestGrants.WithStorage());
        var error = (await withBlobs.PostJsonAsync(Open + more)).OnlyError(400);
        Assert.Equal($"pointer {field}", error.Place);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("targett", "target")]
    [InlineData("Options", "options")]
    [InlineData("itmes", "items")]
    [InlineData("start_at", "startAt")]
    [InlineData("ids", "id")]
    [InlineData("x", null)]
    [InlineData("timeoutSeconds", null)]
    public async Task Field_ThatIsNotKnown_IsComparedWithThoseThatAre(string name, string? meant)
    {
        var (_, message) = (await api.PostJsonAsync($$"""{{Valid}},"{{name}}":1}""")).OnlyError(400);
        Assert.Equal(
            "is not known: \"id\", \"target\", \"items\", \"itemsBlob\", \"options\", \"startAt\", \"onCompleted\", \"input\", "
            + "\"csvTypes\", \"itemId\", \"allowDuplicateIds\" and \"limit\" are "
            + $"allowed.{(meant is null ? "" : $" Did you mean \"{meant}\"?")}",
            message);
    }

    [Theory]
    [InlineData("options", """{"x":"…"}""")]
    [InlineData("target", """{"url":"http://h/","headers":{"A":"…"}}""")]
    public async Task Field_OfOverAMebibyte_IsRefusedForItsLength(string name, string value)
    {
        string open = name == "target" ? "{" : Open + ",";
        string large = value.Replace("…", new string('x', 1024 * 1024), StringComparison.Ordinal);
        string json = $"{open}\"items\":[{{\"body\":1}}],\"{name}\":{large}}}";
        Assert.Equal(
            ($"pointer /{name}", "is longer than 1048576 bytes, which is the most for all but the items."),
            (await api.PostJsonAsync(json)).OnlyError(400));
    }
}
