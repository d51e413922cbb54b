using System.CommandLine;
using System.CommandLine.Parsing;
using Rollcall.Batches;

namespace Rollcall.Cli.Commands;

/// <summary>The options that say what result lines have besides the outcomes.</summary>
sealed class FieldOptions
{
    readonly Option<ExtractedField[]> extract = new("--extract")
    {
        Description =
            "A value from the JSON in the body of each response, as a field 'extracted' of its result and a column of a table. Numbers are "
            + "totalled. May be repeated. Example: --extract tokens=usage.total_tokens.",
        HelpName = "NAME=JMESPATH",
        DefaultValueFactory = _ => [],
        CustomParser = ReadExtract,
    };

    readonly Option<string[]> keepHeaders = new("--keep-header")
    {
        Description = "A response header, kept in the field 'headers' of the result and in a column of a table. May be repeated.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
        CustomParser = ReadHeaders,
    };

    readonly Option<bool> jsonBody = new("--json-body")
    {
        Description =
            "Have a body that is JSON as JSON in its result, in the field 'json' instead of 'body'. Line breaks in it become spaces.",
    };

    readonly Option<bool> withInput = new("--with-input")
    {
        Description = "Have each item's input in its result, in the field 'input'.",
    };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [extract, keepHeaders, jsonBody, withInput];

    /// <summary>Reads them.</summary>
    public RecordOptions Read(ParseResult parsed) => new()
    {
        Extract = parsed.GetRequiredValue(extract),
        KeepHeaders = parsed.GetRequiredValue(keepHeaders),
        JsonBody = parsed.GetValue(jsonBody),
        WithInput = parsed.GetValue(withInput),
    };

    static ExtractedField[] ReadExtract(ArgumentResult result)
    {
        var fields = new List<ExtractedField>();
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                NumberText.Refuse(result, text, "NAME=JMESPATH, such as tokens=usage.total_tokens,");
                return [];
            }

            fields.Add(new ExtractedField(text[..equals], text[(equals + 1)..]));
        }

        Refuse(result, new RecordOptions { Extract = fields });
        return [.. fields];
    }

    // RFC 9110, section 5.1: names are case-insensitive.
    static string[] ReadHeaders(ArgumentResult result)
    {
        string[] names = [.. result.Tokens.Select(token => token.Value.ToLowerInvariant())];
        Refuse(result, new RecordOptions { KeepHeaders = names });
        return names;
    }

    static void Refuse(ArgumentResult result, RecordOptions record)
    {
        foreach (var error in new BatchOptions { Record = record }.FindErrors())
        {
            result.AddError($"{((OptionResult)result.Parent!).Option.Name} {error.Message}");
        }
    }
}
