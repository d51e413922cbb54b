using System.Text.Json;
using Rollcall.Api;
using Rollcall.Tests.Docs;

namespace Rollcall.Tests.Versions;

public sealed class ProductVersionTests
{
    [Theory]
    [InlineData("0.2.0+c7bc3ae05ba87e16cc5382444821c7cb814c56c5", "0.2.0 (c7bc3ae)")]
    [InlineData("0.2.0", "0.2.0")]
    public void Describe_WithOrWithoutACommit_SaysWhatThereIs(string informational, string expected) =>
        Assert.Equal(expected, ProductVersion.Describe(informational));

    [Fact]
    public void UserAgent_IsTheVersionInShort() =>
        Assert.StartsWith(ProductVersion.UserAgent["Rollcall/".Length..] + ".", ProductVersion.Number, StringComparison.Ordinal);

    [Fact]
    public void UserAgent_InTheDocs_IsThatOfTheBuild() => Assert.Contains(
        $"| `User-Agent` | `{ProductVersion.UserAgent}`,",
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "sending.md")),
        StringComparison.Ordinal);

    [Fact]
    public void OpenApi_Version_IsThatOfTheBuild()
    {
        using var stream = typeof(ServiceApi).Assembly.GetManifestResourceStream("openapi.json")!;
        using var document = JsonDocument.Parse(stream);

        Assert.Equal(ProductVersion.Number, document.RootElement.GetProperty("info").GetProperty("version").GetString());
    }
}
