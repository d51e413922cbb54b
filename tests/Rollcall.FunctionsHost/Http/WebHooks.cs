using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.WebJobs.Host.Config;

namespace Rollcall.FunctionsHost.Http;

/// <summary>Gives the Durable Task extension the address of its management API, and passes it the requests to there.</summary>
#pragma warning disable CS0618 // "Not ready for public consumption", and yet the only way to give the extension its address.
sealed class WebHooks(Uri address) : IWebHookProvider
#pragma warning restore CS0618
{
    const string Path = "/runtime/webhooks/durabletask";

    public static void Map(WebApplication host)
    {
        var api = host.Services
            .GetServices<IExtensionConfigProvider>()
            .OfType<IAsyncConverter<HttpRequestMessage, HttpResponseMessage>>()
            .Single();
        host.Map(Path + "/{**rest}", context => ServeAsync(api, context));
    }

    // The extension copies the code into the links that it makes. Nothing here checks it.
    public Uri GetUrl(IExtensionConfigProvider extension) => new(address, Path + "?code=local");

    static async Task ServeAsync(IAsyncConverter<HttpRequestMessage, HttpResponseMessage> api, HttpContext context)
    {
        using var request = ToMessage(context.Request);
        using var response = await api.ConvertAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content?.Headers.AsEnumerable() ?? []))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        context.Response.Headers.TransferEncoding = default;
        await (response.Content?.CopyToAsync(context.Response.Body, context.RequestAborted) ?? Task.CompletedTask);
    }

    static HttpRequestMessage ToMessage(HttpRequest request)
    {
        var message = new HttpRequestMessage(
            new HttpMethod(request.Method),
            request.GetEncodedUrl())
        { Content = new StreamContent(request.Body) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        return message;
    }
}
