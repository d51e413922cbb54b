using Rollcall.Batches;

namespace Rollcall.Api.Requests;

/// <summary>Reads the <c>options</c> of a batch request.</summary>
static class RequestOptions
{
    const string Retry = "retry";

    /// <summary>Reads the options.</summary>
    /// <returns>The options, in range; only valid if there are no errors.</returns>
    public static BatchOptions Read(JsonField field)
    {
        var options = new BatchOptions();
        field.ReadFields([.. FieldsOf(options, isRetry: false), (Retry, f => f.ReadFields([.. FieldsOf(options, isRetry: true)]))]);
        return options;
    }

    static IEnumerable<(string Name, Action<JsonField> Read)> FieldsOf(BatchOptions options, bool isRetry) =>
        OptionField.All
            .Where(option => option.Name.StartsWith(Retry + ".", StringComparison.Ordinal) == isRetry)
            .Select(option => (option.ShortName, (Action<JsonField>)(field => field.Refuse(option.Read(field.Value, options)))));
}
