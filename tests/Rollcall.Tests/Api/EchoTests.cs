using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rollcall.Api;
using Rollcall.Lifecycle;

namespace Rollcall.Tests.Api;

public sealed class EchoTests
{
    [Fact]
    public async Task Echo_ThatIsOn_ReturnsTheBytesThatItIsSent()
    {
        byte[] body = [0, 255, .. "{\"a\":1}\n"u8];
        var response = await SendAsync(body, new RollcallOptions { EchoTarget = true });
        Assert.Equal(StatusCodes.Status200OK, response.StatusCode);
        Assert.Equal("application/octet-stream", response.ContentType);
        Assert.Equal(body, ((MemoryStream)response.Body).ToArray());
    }

    [Fact]
    public async Task Echo_UnlessItIsSet_Is404AndNamesTheSetting()
    {
        var response = await SendAsync("1"u8.ToArray(), new RollcallOptions());
        Assert.Equal(StatusCodes.Status404NotFound, response.StatusCode);
        Assert.Contains("Rollcall__EchoTarget", Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray()), StringComparison.Ordinal);
    }

    static async Task<HttpResponse> SendAsync(byte[] body, RollcallOptions options)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Body = new MemoryStream(body);
        context.Response.Body = new ResponseStream();
        await ServiceApi.Echo(context.Request, options).ExecuteAsync(context);
        return context.Response;
    }
}
