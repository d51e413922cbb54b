using System.Text;
using Rollcall.Notices;

namespace Rollcall.Tests.Notices;

public sealed class WebhookSignatureTests
{
    // The vector of the specification's own reference libraries.
    [Fact]
    public void Signature_OfThePublishedExample_IsThePublishedOne()
    {
        byte[] key = WebhookSignature.FindKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;

        string signature = WebhookSignature.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(32)]
    [InlineData(64)]
    public void Secret_Of24To64Bytes_IsAKey(int bytes)
    {
        byte[] key = [.. Enumerable.Range(0, bytes).Select(i => (byte)i)];

        Assert.Equal(key, WebhookSignature.FindKey("whsec_" + Convert.ToBase64String(key)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    [InlineData(65)]
    public void Secret_OfAnotherLength_IsNone(int bytes) =>
        Assert.Null(WebhookSignature.FindKey("whsec_" + Convert.ToBase64String(new byte[bytes])));

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")]
    [InlineData("whsec_this is no base64 at all, whatever one does")]
    public void Secret_OfAnotherForm_IsNone(string secret) => Assert.Null(WebhookSignature.FindKey(secret));

    [Fact]
    public void Signature_OfAnotherIdTimeOrBody_IsAnother()
    {
        byte[] key = Encoding.UTF8.GetBytes(new string('k', 24));
        string[] signatures =
        [
            WebhookSignature.Sign(key, "a", 1, "b"u8),
            WebhookSignature.Sign(key, "b", 1, "b"u8),
            WebhookSignature.Sign(key, "a", 2, "b"u8),
            WebhookSignature.Sign(key, "a", 1, "c"u8),
        ];

        Assert.Equal(signatures.Length, signatures.Distinct().Count());
    }
}
