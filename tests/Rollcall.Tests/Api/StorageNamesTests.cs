using Rollcall.Api.Grants;
using Rollcall.Lifecycle;

namespace Rollcall.Tests.Api;

public sealed class StorageNamesTests
{
    readonly StorageNames names = new("Rollcall");

    [Fact]
    public void Defaults_CanBeListed()
    {
        Assert.Null(names.ReadContainers(new RollcallOptions().ItemsContainers).FindRefusal("rollcall-items"));
        Assert.Null(names.ReadQueues(new RollcallOptions().NoticeQueues).FindRefusal("rollcall-notices"));
    }

    [Theory]
    [InlineData("rollcall")]
    [InlineData("azure-webjobs-secrets")]
    [InlineData("azure-webjobs-hosts")]
    [InlineData("rollcall-leases")]
    [InlineData("rollcall-largemessages")]
    [InlineData("rollcall-applease")]
    [InlineData("scm-releases")]
    [InlineData("app-package-x-1")]
    [InlineData("$logs")]
    [InlineData("$web")]
    [InlineData("In")]
    public void Container_OfThePlatformOrTheApp_IsNeverOpened(string name)
    {
        var error = Assert.Throws<InvalidOperationException>(() => names.ReadContainers($"in-1, {name}"));
        Assert.StartsWith($"Rollcall__ItemsContainers has '{name}', which is ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rollcall-control-00")]
    [InlineData("rollcall-control-15")]
    [InlineData("rollcall-workitems")]
    [InlineData("rollcall-batches")]
    [InlineData("rollcall-batches-poison")]
    [InlineData("azure-webjobs-blobtrigger-app")]
    [InlineData("orders-poison")]
    [InlineData("a_b")]
    public void Queue_OfThePlatformOrTheApp_IsNeverOpened(string name)
    {
        var error = Assert.Throws<InvalidOperationException>(() => names.ReadQueues($"scored, {name}"));
        Assert.StartsWith($"Rollcall__NoticeQueues has '{name}', which is ", error.Message, StringComparison.Ordinal);
    }
}
