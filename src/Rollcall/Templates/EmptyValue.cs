using System.Globalization;
using System.Text.Encodings.Web;
using Fluid.Values;

namespace Rollcall.Templates;

/// <summary>An empty string of an item. In a URL it would make another URL: <c>/customers/</c> is not a customer.</summary>
sealed class EmptyValue(string path) : FluidValue
{
    public override FluidValues Type => FluidValues.String;

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) =>
        encoder is UrlEncoder
            ? throw new TemplateException(
                $"has an empty value for {{{{{path}}}}} in the URL. If that is meant, write {{{{ {path} | default: \"\" }}}}.")
            : ValueTask.CompletedTask;

    public override bool Equals(FluidValue? other) =>
        other is EmptyValue || (other is StringValue text && text.ToStringValue().Length == 0);

    public override bool Equals(object? obj) => obj is FluidValue value && Equals(value);

    public override int GetHashCode() => 0;

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => 0;

    public override string ToStringValue() => "";

    public override object ToObjectValue() => "";
}
