using System.Text;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Tests.Intake;

/// <summary>Reads lines, or what is wrong with them.</summary>
static class ReadLines
{
    public static async Task<List<BatchItem>> ItemsAsync(byte[] bytes, InputFormat format = InputFormat.Lines)
    {
        await using var stream = new MemoryStream(bytes);
        return await Of(stream, format).ToListAsync();
    }

    public static IAsyncEnumerable<BatchItem> Of(Stream stream, InputFormat format = InputFormat.Lines) => InputReader.ReadAsync(
        new InputSource(stream), new InputOptions { Format = format }, rule: null, TestContext.Current.CancellationToken);

    public static Task<List<BatchItem>> ItemsAsync(string text, InputFormat format = InputFormat.Lines) =>
        ItemsAsync(Encoding.UTF8.GetBytes(text), format);

    public static Task<InvalidInputException> FailureAsync(byte[] bytes, InputFormat format = InputFormat.Lines) =>
        Assert.ThrowsAsync<InvalidInputException>(() => ItemsAsync(bytes, format));

    public static Task<InvalidInputException> FailureAsync(string text, InputFormat format = InputFormat.Lines) =>
        FailureAsync(Encoding.UTF8.GetBytes(text), format);

    public static async Task<InputError> OnlyErrorAsync(string text, InputFormat format = InputFormat.Lines) =>
        Assert.Single((await FailureAsync(text, format)).Errors);
}
