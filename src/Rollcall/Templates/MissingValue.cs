using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;

namespace Rollcall.Templates;

/// <summary>
/// A value that an item does not have, or that is null. Only the filters <c>default</c> and <c>json</c> can use it: a request that silently
/// lacks a value is not what its sender meant.
/// </summary>
/// <param name="path">Its path from the item.</param>
/// <param name="findNear">Finds the name that may have been meant; null if there is none.</param>
sealed class MissingValue(string path, Func<string?>? findNear = null) : FluidValue
{
    public override FluidValues Type => FluidValues.Nil;

    public override bool IsNil() => true;

    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context) => new(this);

    public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context) => new(this);

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => throw Missing();

    public override bool Equals(FluidValue? other) => other?.IsNil() == true;

    public override bool Equals(object? obj) => obj is FluidValue value && Equals(value);

    public override int GetHashCode() => 0;

    public override bool ToBooleanValue() => false;

    public override decimal ToNumberValue() => throw Missing();

    public override string ToStringValue() => throw Missing();

    public override object? ToObjectValue() => null;

    TemplateException Missing() => new(
        $"has no value for {{{{{path}}}}}." + (findNear?.Invoke() is { } near ? $" Did you mean {{{{{near}}}}}?" : ""));
}
