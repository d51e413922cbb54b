using System.Net;
using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class AddressCheckTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("1.1.1.1", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.0", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.255", false)]
    [InlineData("169.254.1.1", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fe80::1%2", false)]
    [InlineData("ff02::1", false)]
    public void Address_IsSentToIfItIsPublic(string address, bool isAllowed)
    {
        string? refusal = AddressCheck.OfPublicOnly.FindRefusal("h.example", IPAddress.Parse(address));
        Assert.True(isAllowed == refusal is null, $"{address}: {refusal ?? "allowed"}");
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("fd00:ec2::253", true)]
    [InlineData("168.63.129.15", true)]
    [InlineData("169.254.169.254", false)]
    [InlineData("169.254.170.2", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::a9fe:a9fe%3", false)]
    public void Address_WherePrivateTargetsAreAllowed_IsSentToUnlessItIsACloudsService(string address, bool isAllowed)
    {
        string? refusal = AddressCheck.OfCloudServices.FindRefusal("h.example", IPAddress.Parse(address));
        Assert.True(isAllowed == refusal is null, $"{address}: {refusal ?? "allowed"}");
    }

    [Fact]
    public void Refusal_NamesTheHostTheAddressAndTheSetting()
    {
        Assert.Equal(
            "'h.example' is at 10.0.0.1, which is not a public address. The setting Rollcall__PrivateTargets=allow lets batches be sent there.",
            AddressCheck.OfPublicOnly.FindRefusal("h.example", IPAddress.Parse("10.0.0.1")));
    }
}
