using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;
using Rollcall.Items;

namespace Rollcall.Templates;

/// <summary>Where the text of a template goes, which decides how values are encoded in it.</summary>
enum TemplatePlace
{
    /// <summary>Values are written as they are.</summary>
    Text,

    /// <summary>Values are percent-encoded (RFC 3986, section 2.1), but not the first one of a template that begins with it.</summary>
    Url,

    /// <summary>Values are escaped for JSON strings; those of the filter <c>json</c> are JSON.</summary>
    Json,
}

/// <summary>One template: text with outputs such as <c>{{ name | default: "x" }}</c> of Liquid in it.</summary>
sealed partial class TextTemplate
{
    // Making these takes some 60 ms of processor time, and most batches have no template.
    static readonly Lazy<FluidParser> Parser = new(() => new FluidParser());
    static readonly Lazy<Dictionary<TemplatePlace, TemplateOptions>> Options =
        new(() => Enum.GetValues<TemplatePlace>().ToDictionary(place => place, CreateOptions));

    readonly string text;
    readonly IFluidTemplate? template;
    readonly TemplatePlace place;

    TextTemplate(string text, IFluidTemplate? template, TemplatePlace place) =>
        (this.text, this.template, this.place) = (text, template, place);

    /// <summary>Whether a text has anything of a template in it.</summary>
    public static bool IsOne(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal);

    /// <summary>Reads a template.</summary>
    /// <exception cref="TemplateException">It is not Liquid.</exception>
    public static TextTemplate Parse(string text, TemplatePlace place)
    {
        TemplateLimits.Require(text);
        if (!IsOne(text))
        {
            return new TextTemplate(text, template: null, place);
        }

        if (text.Contains("{%", StringComparison.Ordinal))
        {
            throw new TemplateException("has a '{%' in it: of Liquid, {{…}} with filters is allowed.");
        }

        string liquid = Output().Replace(
            text,
            output => $"{{{{{output.Groups["trim"].Value}{NameOf(output.Groups["name"].Value)}"
                + $"{(place == TemplatePlace.Url && output.Index == 0 ? "| raw " : "")}{output.Groups["rest"].Value}");
        if (!Parser.Value.TryParse(liquid, out var template, out string error))
        {
            throw new TemplateException($"is not a template: {error.TrimEnd('.')}.");
        }

        new AllowedFilters().VisitTemplate(template);
        return new TextTemplate(text, template, place);
    }

    /// <summary>Makes the text for an item.</summary>
    /// <exception cref="TemplateException">The item lacks a value, or the template fails.</exception>
    public string Render(FluidValue item)
    {
        if (template is null)
        {
            return text;
        }

        var context = new TemplateContext(item, Options.Value[place]);
        try
        {
            using var writer = new BoundedWriter(BatchItem.MaxPayloadBytes);

            // It completes at once: no value and no writer here waits for anything.
            template.RenderAsync(writer, context, EncoderOf(place), isolateContext: false).AsTask().GetAwaiter().GetResult();
            return writer.ToString();
        }
        catch (Exception exception) when (exception is FluidException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new TemplateException($"makes a template fail: {exception.Message.TrimEnd('.')}.");
        }
    }

    static TextEncoder EncoderOf(TemplatePlace place) => place switch
    {
        TemplatePlace.Url => UrlEncoder.Default,
        TemplatePlace.Json => JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        _ => NullEncoder.Default,
    };

    static TemplateOptions CreateOptions(TemplatePlace place)
    {
        var options = new TemplateOptions
        {
            StrictFilters = true,
            TimeZone = TimeZoneInfo.Utc,
            ModelNamesComparer = StringComparer.Ordinal,

            // The same command makes the same requests, or it could not be resumed.
            Now = () => throw new TemplateException("makes a template fail: there is no 'now' in it, as the same command must make the "
                + "same requests."),
        };
        options.Filters.AddFilter(
            "json",
            (input, _, _) => new StringValue(ToJson(input), encode: place == TemplatePlace.Url));
        return options;
    }

    static string ToJson(FluidValue input) => input switch
    {
        ItemValue value => value.ToStringValue(),
        NumberValue number => number.ToStringValue(),
        BooleanValue truth => truth.ToBooleanValue() ? "true" : "false",
        MissingValue => "null",
        _ => JsonSerializer.Serialize(input.ToStringValue(), Relaxed),
    };

    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Liquid has meanings of its own for these.
    static readonly string[] Words = ["blank", "empty", "nil", "null"];

    // A column may have any name, and a JSON Pointer (RFC 6901) names any field: neither is a name in Liquid.
    static string NameOf(string name)
    {
        string plain = name.Trim();
        if (plain.Length == 0 || (LiquidName().IsMatch(plain) && !Words.Contains(plain)))
        {
            return name;
        }

        var steps = plain[0] == '/'
            ? plain[1..].Split('/').Select(
                step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))
            : [plain];
        return steps.Any(step => step.Contains('"', StringComparison.Ordinal))
            ? throw new TemplateException($"is not a template: {{{{{plain}}}}} has a quotation mark in its name.")
            : $" {ItemValue.Whole}{string.Concat(steps.Select(step => $"[\"{step}\"]"))} ";
    }

    [GeneratedRegex("""\{\{(?<trim>-?)(?<name>[^|}]*)(?<rest>(\||-?\}\}))""")]
    private static partial Regex Output();

    // A path of names and indexes, or a literal.
    [GeneratedRegex("""^-?([\p{L}_][\p{L}\p{N}_-]*(\s*(\.\s*[\p{L}\p{N}_][\p{L}\p{N}_-]*|\[[^\]]*\]))*|"[^"]*"|'[^']*'|[\d.]+)\s*-?$""")]
    private static partial Regex LiquidName();
}
