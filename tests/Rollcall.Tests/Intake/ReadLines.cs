using System.Text;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Tests.Intake;

/// <summary>Reads lines, or what is wrong with them.</summary>
static class ReadLines
{
    public static async Task<List<BatchItem>> ItemsAsync(byte[] bytes, LineFormat format = LineFormat.Payload)
    {
        await using var stream = new MemoryStream(bytes);
        return await JsonLines.ReadAsync(stream, format, TestContext.Current.CancellationToken).ToListAsync();
    }

    public static Task<List<BatchItem>> ItemsAsync(string text, LineFormat format = LineFormat.Payload) =>
        ItemsAsync(Encoding.UTF8.GetBytes(text), format);

    public static Task<InvalidInputException> FailureAsync(byte[] bytes, LineFormat format = LineFormat.Payload) =>
        Assert.ThrowsAsync<InvalidInputException>(() => ItemsAsync(bytes, format));

    public static Task<InvalidInputException> FailureAsync(string text, LineFormat format = LineFormat.Payload) =>
        FailureAsync(Encoding.UTF8.GetBytes(text), format);

    public static async Task<InputError> OnlyErrorAsync(string text, LineFormat format = LineFormat.Payload) =>
        Assert.Single((await FailureAsync(text, format)).Errors);
}
