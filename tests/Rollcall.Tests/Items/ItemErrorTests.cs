using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Tests.Items;

public sealed class ItemErrorTests
{
    [Fact]
    public void Codes_InJson_AreTheContracts()
    {
        Assert.Equal(
            [
                "http-status",
                "verdict",
                "timeout",
                "connect",
                "no-response",
                "dns",
                "tls",
                "body-incomplete",
                "body-too-large",
                "decode",
                "headers-too-large",
                "redirect",
                "target-refused",
                "input-damaged",
                "platform",
                "cancelled",
                "expired",
            ],
            Enum.GetValues<ItemErrorCode>().Select(code => KebabCase.Of(code)));
    }

    [Fact]
    public void Statuses_InJson_AreTheContracts()
    {
        Assert.Equal(
            ["succeeded", "failed", "cancelled", "expired"],
            Enum.GetValues<OutcomeStatus>().Select(status => KebabCase.Of(status)));
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(100_000)]
    public void Message_OfAnyLength_IsKeptUpToTheLongest(int length)
    {
        string message = new('m', length);
        Assert.Equal(message[..Math.Min(length, 1000)], ItemError.Of(ItemErrorCode.Platform, message).Message);
    }
}
