namespace Rollcall.Tests.Api;

static class FileFaultText
{
    /// <summary>The text of a file of the batch <c>b</c> with a fault.</summary>
    public static string In(this FileFault fault, string whole) => fault switch
    {
        FileFault.Empty => "",
        FileFault.Cut => whole[..(whole.Length / 2)],
        FileFault.Garbage => "\u0001\u0002 not JSON",
        FileFault.Null => "null",
        FileFault.NoFields => "{}",
        FileFault.OtherId => whole.Replace("\"b\"", "\"c\"", StringComparison.Ordinal),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "There is no such fault of a file's text."),
    };
}
