using System.Text.Json;
using Rollcall.Api;
using Rollcall.Api.Requests;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Tests.Api;

public sealed class OpenApiTests
{
    static readonly JsonElement Document = Read();

    [Fact]
    public void Schemas_OfEnums_HaveTheirValues()
    {
        Assert.Equal(Enum.GetValues<BatchState>().Select(v => KebabCase.Of(v)), ValuesOf(Schema("BatchState")));
        Assert.Equal(Enum.GetValues<OutcomeStatus>().Select(v => KebabCase.Of(v)), ValuesOf(Schema("OutcomeStatus")));
        var code = Schema("ResultLine").GetProperty("properties").GetProperty("error").GetProperty("properties").GetProperty("code");
        Assert.Equal(Enum.GetValues<ItemErrorCode>().Select(v => KebabCase.Of(v)), ValuesOf(code));
    }

    [Theory]
    [InlineData("BatchStatus", typeof(BatchStatus))]
    [InlineData("BatchPage", typeof(BatchPage))]
    [InlineData("StartResponse", typeof(StartResponse))]
    [InlineData("BatchLinks", typeof(BatchLinks))]
    [InlineData("Receipt", typeof(Rollcall.Batches.Receipt))]
    [InlineData("Attempt", typeof(Attempt))]
    [InlineData("OutcomeCounts", typeof(Rollcall.Batches.OutcomeCounts))]
    public void Schemas_OfResponses_HaveTheirFields(string schema, Type type)
    {
        var fields = type.GetProperties().Where(p => p.GetMethod!.IsPublic).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
        Assert.Equal(
            fields.Order(StringComparer.Ordinal),
            Schema(schema).GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Schemas_OfTheRequestsOptions_HaveTheirNames()
    {
        var options = Schema("BatchOptions").GetProperty("properties");
        string[] groups = ["retry", "verdict", "record"];
        var names = NamesOf(options).Except(groups).Concat(groups.SelectMany(
            group => NamesOf(options.GetProperty(group).GetProperty("properties")).Select(name => $"{group}.{name}")));
        Assert.Equal(OptionField.All.Select(option => option.Name).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Schemas_OfTheRequestAndOfErrors_HaveTheirFields()
    {
        Assert.Equal(
            ["id", "items", "itemsBlob", "onCompleted", "options", "startAt", "target"],
            NamesOf(Schema("BatchRequest").GetProperty("properties")).Except(InputFields.Names));
        Assert.Subset(NamesOf(Schema("BatchRequest").GetProperty("properties")).ToHashSet(), InputFields.Names.ToHashSet());
        Assert.Equal(["queue", "webhook"], NamesOf(Schema("OnCompleted").GetProperty("properties")));
        Assert.Equal(["header", "line", "message", "parameter", "pointer"], NamesOf(Schema("InputError").GetProperty("properties")));
    }

    [Fact]
    public void Parameters_OfTheStart_AreThoseThatARequestMayHave()
    {
        var parameters = Document.GetProperty("paths")
            .GetProperty("/api/batches")
            .GetProperty("post")
            .GetProperty("parameters")
            .EnumerateArray()
            .Select(p => p.GetProperty("name").GetString()!);
        string[] others = ["to", "method", "id", .. InputFields.Names, "inputParts", "startAt", "webhook", "webhookSecret", "notifyQueue"];
        Assert.Equal(
            OptionField.All.Select(option => option.Parameter).Concat(others).Order(StringComparer.Ordinal),
            parameters.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void References_PointAtWhatIsThere()
    {
        var references = new List<string>();
        Collect(Document, references);
        Assert.NotEmpty(references);
        foreach (string reference in references)
        {
            var at = Document;
            foreach (string part in reference.Split('/').Skip(1))
            {
                Assert.True(at.TryGetProperty(part, out at), $"{reference} points at nothing.");
            }
        }
    }

    static JsonElement Schema(string name) => Document.GetProperty("components").GetProperty("schemas").GetProperty(name);

    static IEnumerable<string> NamesOf(JsonElement properties) =>
        properties.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);

    static IEnumerable<string?> ValuesOf(JsonElement schema) =>
        schema.GetProperty("enum").EnumerateArray().Select(value => value.GetString());

    static void Collect(JsonElement element, List<string> references)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var child in element.EnumerateArray())
            {
                Collect(child, references);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (property.NameEquals("$ref"))
                {
                    references.Add(property.Value.GetString()!);
                }

                Collect(property.Value, references);
            }
        }
    }

    static JsonElement Read()
    {
        using var stream = typeof(ServiceApi).Assembly.GetManifestResourceStream("openapi.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
