using System.Text;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Tests.Building;
using Rollcall.Validation;

namespace Rollcall.Tests.Intake;

/// <summary>Reads an input of any format, or what is wrong with it.</summary>
static class ReadInput
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A source that can be read once, in pieces.</summary>
    public static InputSource Source(byte[] bytes, int most = int.MaxValue) => new(new TrickleStream(bytes, most));

    public static async Task<List<BatchItem>> ItemsAsync(InputSource source, InputOptions options, ItemRule? rule = null) =>
        await InputReader.ReadAsync(source, options, rule, Cancelled).ToListAsync(Cancelled);

    public static Task<List<BatchItem>> ItemsAsync(string text, InputOptions options, ItemRule? rule = null) =>
        ItemsAsync(Source(Encoding.UTF8.GetBytes(text)), options, rule);

    public static Task<List<BatchItem>> ItemsAsync(string text, InputFormat format) =>
        ItemsAsync(text, new InputOptions { Format = format });

    public static async Task<List<string>> TextsAsync(string text, InputOptions options) =>
        [.. (await ItemsAsync(text, options)).Select(item => item.Text())];

    public static Task<List<string>> TextsAsync(string text, InputFormat format) =>
        TextsAsync(text, new InputOptions { Format = format });

    public static Task<InvalidInputException> FailureAsync(byte[] bytes, InputOptions options, ItemRule? rule = null) =>
        Assert.ThrowsAsync<InvalidInputException>(() => ItemsAsync(Source(bytes), options, rule));

    public static Task<InvalidInputException> FailureAsync(string text, InputOptions options, ItemRule? rule = null) =>
        FailureAsync(Encoding.UTF8.GetBytes(text), options, rule);

    /// <summary>The errors as "line: message".</summary>
    public static async Task<string[]> ErrorsAsync(string text, InputOptions options, ItemRule? rule = null) =>
        [.. (await FailureAsync(text, options, rule)).Errors.Select(error => $"{error.Line}: {error.Message}")];

    public static Task<string[]> ErrorsAsync(string text, InputFormat format) => ErrorsAsync(text, new InputOptions { Format = format });
}
