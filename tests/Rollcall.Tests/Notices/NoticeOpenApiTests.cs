using System.Text.Json;
using Rollcall.Api;
using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Tests.Notices;

public sealed class NoticeOpenApiTests
{
    static readonly JsonElement Schemas = Read();

    [Theory]
    [InlineData(typeof(NoticeStatus))]
    [InlineData(typeof(NoticeDelivery))]
    [InlineData(typeof(NoticeAttempt))]
    public void Schema_OfWhatBecameOfANotice_HasItsFields(Type type)
    {
        var fields = type.GetProperties().Where(p => !p.GetMethod!.IsStatic).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));

        Assert.Equal(fields, Schemas.GetProperty(type.Name).GetProperty("properties").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Schema_OfTheState_HasItsValues() => Assert.Equal(
        Enum.GetValues<NoticeState>().Select(value => KebabCase.Of(value)),
        Schemas.GetProperty(nameof(NoticeState)).GetProperty("enum").EnumerateArray().Select(value => value.GetString()));

    [Fact]
    public void Schema_OfABatchesStatus_HasTheNotice() => Assert.Equal(
        "#/components/schemas/NoticeStatus",
        Schemas.GetProperty("BatchStatus").GetProperty("properties").GetProperty("notice").GetProperty("$ref").GetString());

    static JsonElement Read()
    {
        using var stream = typeof(ServiceApi).Assembly.GetManifestResourceStream("openapi.json")!;
        return JsonDocument.Parse(stream).RootElement.GetProperty("components").GetProperty("schemas");
    }
}
