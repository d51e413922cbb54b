using System.Collections.Concurrent;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host.Config;

namespace Rollcall.FunctionsHost.Http;

/// <summary>Gives each extension an address, and passes it the requests to there: the Durable Task extension's management API.</summary>
/// <param name="address">The address of this host.</param>
#pragma warning disable CS0618 // "Not ready for public consumption", and yet the only way to give the extension its address.
sealed class WebHooks(Uri address) : IWebHookProvider
#pragma warning restore CS0618
{
    /// <summary>The route to map to <see cref="ServeAsync"/>.</summary>
    public const string Route = "/runtime/webhooks/{extension}/{**rest}";

    readonly ConcurrentDictionary<string, IAsyncConverter<HttpRequestMessage, HttpResponseMessage>> handlers = new(StringComparer.OrdinalIgnoreCase);

    public Uri GetUrl(IExtensionConfigProvider extension)
    {
        string name = extension.GetType().Name.Replace("Extension", "", StringComparison.Ordinal).ToUpperInvariant();
        if (extension is IAsyncConverter<HttpRequestMessage, HttpResponseMessage> handler)
        {
            handlers[name] = handler;
        }

        // The extension copies the code into the links that it makes. Nothing here checks it.
        return new Uri(address, $"/runtime/webhooks/{name}?code=local");
    }

    /// <summary>Serves a request to an extension.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (!handlers.TryGetValue((string)context.Request.RouteValues["extension"]!, out var handler))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var request = ToMessage(context.Request);
        using var answer = await handler.ConvertAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content?.Headers.AsEnumerable() ?? []))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        context.Response.Headers.TransferEncoding = default;
        if (answer.Content is not null)
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    static HttpRequestMessage ToMessage(HttpRequest request)
    {
        var message = new HttpRequestMessage(
            new HttpMethod(request.Method),
            $"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}");
        if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            message.Content = new StreamContent(request.Body);
        }

        foreach (var (name, values) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return message;
    }
}
