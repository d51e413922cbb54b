using System.Text;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Templates;

namespace Rollcall.Tests.Templates;

public sealed class RequestTemplateTests
{
    const string Row =
        """{"id":"00123","name":"A & B/é","plan":"gold","count":1.10,"big":12345678901234567890123"""
        + ""","none":null,"empty":"","First name":"Ann","user":{"tags":["x","y"],"a/b":1},"quote":"say \"hi\"\n","yes":true}""";

    [Theory]
    [InlineData("https://h/c/{{id}}", "https://h/c/00123")]
    [InlineData("https://h/{{name}}/x", "https://h/A%20%26%20B%2F%C3%A9/x")]
    [InlineData("https://h/?q={{name}}", "https://h/?q=A%20%26%20B%2F%C3%A9")]
    [InlineData("https://h/{{ count }}/{{big}}", "https://h/1.10/12345678901234567890123")]
    [InlineData("https://h/{{First name}}", "https://h/Ann")]
    [InlineData("https://h/{{ First name | upcase }}", "https://h/ANN")]
    [InlineData("https://h/{{user.tags[1]}}/{{/user/tags/0}}/{{/user/a~1b}}", "https://h/y/x/1")]
    [InlineData("https://h/{{ none | default: 'x' }}/{{ no | default: id }}", "https://h/x/00123")]
    [InlineData("https://h/{{yes}}", "https://h/true")]
    [InlineData("https://h/{{ empty | default: 'x' }}{{ empty | default: '' }}", "https://h/x")]
    [InlineData("https://h/{{ count | plus: 1 }}", "https://h/2.1")]
    public void Url_OfATemplate_HasTheItemsValuesPercentEncoded(string template, string url) => Assert.Equal(url, Make(template).Head!.Url);

    [Fact]
    public void Url_ThatBeginsWithAValue_IsThatUrl() =>
        Assert.Equal("http://h/a?b=c", Make("{{u}}", row: """{"u":"http://h/a?b=c"}""").Head!.Url);

    [Theory]
    [InlineData("https://h/{{no}}", "has no value for {{no}}.")]
    [InlineData("https://h/{{none}}", "has no value for {{none}}.")]
    [InlineData("https://h/{{env.PATH}}", "has no value for {{env}}.")]
    [InlineData("https://h/{{nmae}}", "has no value for {{nmae}}. Did you mean {{name}}?")]
    [InlineData("https://h/{{ user.tgas }}", "has no value for {{user.tgas}}. Did you mean {{user.tags}}?")]
    [InlineData("https://h/{{ no | upcase }}", "has no value for {{no}}.")]
    [InlineData("https://h/{{user.no.more}}", "has no value for {{user.no}}.")]
    [InlineData("https://h/{{/user/no}}", "has no value for {{user.no}}.")]
    [InlineData("https://h/c/{{empty}}", "has an empty value for {{empty}} in the URL.")]
    [InlineData("{{id}}/x", "makes a URL that cannot be sent to. '00123/x' is not a URL to send to")]
    public void Item_WithoutAValue_IsAnErrorThatNamesIt(string template, string error) =>
        Assert.StartsWith(error, ErrorOf(new(template, None)), StringComparison.Ordinal);

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("%2e%2E")]
    public void Url_WhosePathAValueWouldLeadElsewhere_IsRefused(string value)
    {
        string error = ErrorOf(new("https://h/customers/{{ v | raw }}/orders", None), $$"""{"v":"{{value}}"}""")!;
        Assert.Contains("whose path has a segment of dots alone", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"n":"{{name}}","q":"{{quote}}"}""", """{"n":"A & B/é","q":"say \"hi\"\n"}""")]
    [InlineData("""{"n":{{count}},"t":{{ user.tags | json }},"x":{{ no | json }}}""", """{"n":1.10,"t":["x","y"],"x":null}""")]
    [InlineData("{{ quote | json }}", "\"say \\\"hi\\\"\\n\"")]
    [InlineData("[{{ big | json }},\"{{empty}}\"]", "[12345678901234567890123,\"\"]")]
    public void Body_OfJson_HasTheItemsValuesEscaped(string template, string body)
    {
        var item = Make("https://h/", new TargetTemplate { Body = template });
        Assert.Equal(body, Encoding.UTF8.GetString(item.Payload.Span));
        Assert.True(item.Head!.HasBody);
    }

    [Fact]
    public void Body_ThatIsNotJson_IsRefusedWithItsPlace()
    {
        string error = ErrorOf(new BatchTarget("https://h/", None) { Template = new TargetTemplate { Body = """{"n":{{plan}}}""" } })!;
        Assert.StartsWith("makes a body that is not JSON: ", error, StringComparison.Ordinal);
        Assert.Contains("{{ name | json }}", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Body_OfText_HasTheItemsValuesAsTheyAre()
    {
        var item = Make("https://h/", new TargetTemplate { Body = "<n>{{quote}}</n>", ContentType = "text/xml" });
        Assert.Equal("<n>say \"hi\"\n</n>", Encoding.UTF8.GetString(item.Payload.Span));
        Assert.Equal("text/xml", item.Head!.Headers!["Content-Type"]);
    }

    [Fact]
    public void Query_OfNamesAndTemplates_IsAddedToTheUrl() => Assert.Equal(
        "https://h/?a=1&na%20me=A%20%26%20B%2F%C3%A9&plan=gold",
        Make("https://h/?a=1", new TargetTemplate { Query = [new("na me", "{{name}}"), new("plan", "{{plan}}")] }).Head!.Url);

    [Fact]
    public void Form_WithoutAFile_IsUrlEncoded()
    {
        var item = Make("https://h/", new TargetTemplate { Form = [new("n", "{{name}}"), new("fixed", "1 2")] });
        Assert.Equal("n=A+%26+B%2F%C3%A9&fixed=1+2", Encoding.UTF8.GetString(item.Payload.Span));
        Assert.Equal("application/x-www-form-urlencoded", item.Head!.Headers!["Content-Type"]);
    }

    [Fact]
    public async Task Form_WithAFile_IsMultipartAndTheSameEachTime()
    {
        var target = new BatchTarget("https://h/", None)
        {
            Template = new TargetTemplate { Form = [new("n\"", "{{name}}"), new("scan", "@{{plan}}.bin")] },
        };
        var template = RequestTemplate.Of(target, path => path == "gold.bin" ? [0, 255, 13, 10] : throw new FileNotFoundException(path));
        Assert.Null(template.Make(Read(Row), out var item));
        Assert.Null(template.Make(Read(Row), out var again));
        Assert.True(item.Payload.Span.SequenceEqual(again.Payload.Span));
        var type = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(item.Head!.Headers!["Content-Type"]);
        var reader = new Microsoft.AspNetCore.WebUtilities.MultipartReader(
            type.Parameters.Single().Value!,
            new MemoryStream(item.Payload.ToArray()));
        var name = await reader.ReadNextSectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal("A & B/é", await new StreamReader(name!.Body).ReadToEndAsync(TestContext.Current.CancellationToken));
        var scan = await reader.ReadNextSectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal("form-data; name=\"scan\"; filename=\"gold.bin\"", scan!.ContentDisposition);
        using var bytes = new MemoryStream();
        await scan.Body.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        Assert.Equal([0, 255, 13, 10], bytes.ToArray());
        Assert.Null(await reader.ReadNextSectionAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Form_WithAFileThatIsMissing_IsAnErrorOfTheItem()
    {
        var target = new BatchTarget("https://h/", None) { Template = new TargetTemplate { Form = [new("scan", "@{{plan}}.bin")] } };
        var template = RequestTemplate.Of(target, path => throw new FileNotFoundException("no such file"));
        Assert.Equal("names the file 'gold.bin', which cannot be read: no such file", template.Make(Read(Row), out _));
    }

    [Fact]
    public void Form_WithAFile_IsRefusedWhereNoFileMayBeRead()
    {
        var target = new BatchTarget("https://h/", None) { Template = new TargetTemplate { Form = [new("scan", "@/etc/passwd")] } };
        Assert.Throws<TemplateException>(() => RequestTemplate.Of(target));
    }

    [Theory]
    [InlineData(
        "{{quote}}",
        "makes a header that cannot be sent. The value of the header 'X' has a character that is not printable ASCII.")]
    [InlineData("{{no}}", "has no value for {{no}}.")]
    public void Header_ThatCannotBeSent_IsAnError(string value, string error) => Assert.Equal(
        error,
        ErrorOf(new BatchTarget("https://h/", None) { Template = new TargetTemplate { Headers = [new("X", value)] } }));

    [Fact]
    public void Header_OfATemplate_HasTheItemsValue() =>
        Assert.Equal("c-00123", Make("https://h/", new TargetTemplate { Headers = [new("X", "c-{{id}}")] }).Head!.Headers!["X"]);

    [Theory]
    [InlineData("https://h/{{id")]
    [InlineData("https://h/{{ id | nosuch }}")]
    [InlineData("https://h/{{ id | replace: 'a', 'b' }}")]
    [InlineData("https://h/{% for i in (1..10) %}x{% endfor %}")]
    public void Template_ThatCannotBeRead_IsRefusedBeforeAnyItem(string template) => Assert.StartsWith(
        "The target's URL ",
        Assert.Throws<TemplateException>(() => RequestTemplate.Of(new BatchTarget(template, None))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Template_ThatWouldUseUpTheStackOrTheMemory_IsRefused()
    {
        string[] templates =
        [
            $"https://h/{{{{ id{string.Concat(Enumerable.Repeat("[id", 100_000))} }}}}",
            $"https://h/{{{{ id{string.Concat(Enumerable.Repeat("|upcase", 30_000))} }}}}",
            new string('x', 300_000),
        ];
        Assert.All(templates, text => Assert.Throws<TemplateException>(() => RequestTemplate.Of(new BatchTarget(text, None))));

        var body = new TargetTemplate { Body = string.Concat(Enumerable.Repeat("{{v}}", 1_000)), ContentType = "text/plain" };
        string row = $$"""{"v":"{{new string('y', 100_000)}}"}""";
        Assert.StartsWith(
            "makes more than 67108864 characters.",
            ErrorOf(new BatchTarget("https://h/", None) { Template = body }, row),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Now_IsRefused_AsTheSameCommandMakesTheSameRequests() =>
        Assert.Contains("there is no 'now'", ErrorOf(new("https://h/{{ 'now' | date: '%Y' }}", None)), StringComparison.Ordinal);

    [Theory]
    [InlineData("/v1/chat", "https://h/v1/chat")]
    [InlineData("c?d=1", "https://h/a/c?d=1")]
    [InlineData("http://other/x", "http://other/x")]
    public void Item_WithAUrlOfItsOwn_IsResolvedAgainstTheTargets(string own, string url)
    {
        var template = RequestTemplate.Of(new BatchTarget("https://h/a/b", None));
        Assert.Null(
            template.Make(new BatchItem(null, "{}"u8.ToArray()) { Head = new RequestHead("GET", own, HasBody: false) }, out var made));
        Assert.Equal((url, "GET", false), (made.Head!.Url, made.Head.Method, made.Head.HasBody));
    }

    [Fact]
    public void Item_OfATargetWithoutTemplates_IsAsItWasRead()
    {
        var read = Read(Row);
        Assert.Null(RequestTemplate.Of(new BatchTarget("https://h/", None)).Make(read, out var made));
        Assert.Same(read, made);
    }

    static readonly Dictionary<string, TargetHeader> None = [];

    static BatchItem Read(string row) => new("i", Encoding.UTF8.GetBytes(row));

    static BatchItem Make(string url, TargetTemplate? parts = null, string row = Row)
    {
        Assert.Null(RequestTemplate.Of(new BatchTarget(url, None) { Template = parts }).Make(Read(row), out var made));
        Assert.Equal("i", made.Id);
        return made;
    }

    static string? ErrorOf(BatchTarget target, string row = Row) => RequestTemplate.Of(target).Make(Read(row), out _);
}
