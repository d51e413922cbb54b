using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Templates;

namespace Rollcall.Api.Requests;

/// <summary>Makes the requests of a batch's items, and holds each to what the host allows.</summary>
static class RequestRule
{
    /// <summary>The rule of a batch.</summary>
    /// <param name="grants">The host's resources that may be named.</param>
    public static ItemRule Of(BatchTarget target, RequestGrants grants)
    {
        var template = RequestTemplate.Of(target);
        string[] secrets = [.. target.Headers.Values.Select(header => header.Secret).OfType<string>()];
        string[] certificates = [.. new[] { target.Tls?.Certificate, target.Tls?.Key, target.Tls?.Ca }.OfType<string>()];
        return Make;

        // A secret is for an origin, and each item may have another.
        string? Make(BatchItem read, out BatchItem made)
        {
            if (template.Make(read, out made) is { } error)
            {
                return error;
            }

            string? url = made.Head?.Url;
            return url is null
                ? target.Url.Length > 0 ? null : RequestTemplate.NoUrl
                : secrets.Select(secret => grants.FindSecretError(secret, url))
                    .Concat(certificates.Select(name => grants.FindCertificateError(name, url)))
                    .Append(grants.FindAuthError(target.Auth, url))
                    .Append(RequestTls.FindUrlError(target.Tls, url))
                    .FirstOrDefault(found => found is not null);
        }
    }
}
