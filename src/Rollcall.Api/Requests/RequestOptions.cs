using Rollcall.Batches;

namespace Rollcall.Api.Requests;

/// <summary>Reads the <c>options</c> of a batch request.</summary>
static class RequestOptions
{
    static readonly string[] Groups = ["retry", "verdict", "record"];

    /// <summary>Reads the options.</summary>
    /// <returns>The options, in range; only valid if there are no errors.</returns>
    public static BatchOptions Read(JsonField field)
    {
        var options = new BatchOptions();
        var groups = Groups.Select(group => (group, (Action<JsonField>)(f => f.ReadFields([.. FieldsOf(options, group + ".")]))));
        field.ReadFields([.. FieldsOf(options, ""), .. groups]);
        return options;
    }

    static IEnumerable<(string Name, Action<JsonField> Read)> FieldsOf(BatchOptions options, string prefix) =>
        OptionField.All
            .Where(option => option.Name == prefix + option.ShortName)
            .Select(option => (option.ShortName, (Action<JsonField>)(field => field.Refuse(option.Read(field.Value, options)))));
}
