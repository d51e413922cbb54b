using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>Tests on the shared Function App. What the app wrote while a test ran is part of the test's output.</summary>
[Collection(FunctionsCollection.Name)]
public abstract class SharedAppTests : IAsyncDisposable
{
    readonly int outputStart;

    private protected SharedAppTests(FunctionsFixture fixture)
    {
        Fixture = fixture;
        outputStart = fixture.Host.Output.Length;
        Api = new ApiClient(() => fixture.Host.Url);
    }

    private protected FunctionsFixture Fixture { get; }

    private protected ApiClient Api { get; }

    public ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(Fixture.Host.Output[outputStart..]);
        Api.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
