using Rollcall.Hosting;

namespace Rollcall.Tests.Hosting;

public sealed class RollcallOptionsTests
{
    [Fact]
    public void PrivateTargets_ThatNobodyAllowed_AreRefused()
    {
        Assert.Equal(PrivateTargets.Refuse, new RollcallOptions().Validate().PrivateTargets);
    }

    [Fact]
    public void PrivateTargets_OfAnotherValue_AreAnErrorThatNamesTheSetting()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new RollcallOptions { PrivateTargets = (PrivateTargets)7 }.Validate());
        Assert.Equal("Rollcall__PrivateTargets is 7: allow and refuse are allowed.", error.Message);
    }
}
