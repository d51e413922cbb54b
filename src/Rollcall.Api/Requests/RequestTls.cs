using System.Text.Json.Nodes;
using Rollcall.Batches;
using Rollcall.Credentials;
using Rollcall.Sending;
using Rollcall.Templates;

namespace Rollcall.Api.Requests;

/// <summary>Reads the <c>tls</c> of a target: the names of PEM texts of the host.</summary>
sealed class RequestTls
{
    const string Certificate = "certificate";
    const string Key = "key";
    const string Ca = "ca";

    readonly Dictionary<string, string?> names = [];
    JsonField? place;

    /// <summary>Writes what <see cref="Read"/> reads.</summary>
    public static JsonObject Write(TargetTls tls)
    {
        var json = new JsonObject();
        foreach (var (part, name) in new[] { (Certificate, tls.Certificate), (Key, tls.Key), (Ca, tls.Ca) })
        {
            if (name is not null)
            {
                json[part] = new JsonObject { ["secret"] = name };
            }
        }

        return json;
    }

    /// <summary>Reads the names.</summary>
    public void Read(JsonField field)
    {
        place = field;
        long before = field.Errors.Count;
        field.ReadFields(Part(Certificate), Part(Key), Part(Ca));
        bool isUseless = !names.ContainsKey(Certificate) && (names.ContainsKey(Key) || !names.ContainsKey(Ca));
        field.Refuse(isUseless && field.Errors.Count == before
            ? "has no certificate: \"certificate\", with \"key\" if its text has none, or \"ca\" is needed."
            : null);
    }

    /// <summary>Checks the names, when the target's URL is known.</summary>
    /// <returns>What the target's connections are made with; null if it has no <c>tls</c>. Only valid if there are no errors.</returns>
    public TargetTls? Require(RequestGrants grants, string url)
    {
        if (place is not { } field)
        {
            return null;
        }

        foreach (var (part, name) in names)
        {
            field.RefuseAt([part, "secret"], grants.FindCertificateError(name, url));
        }

        var tls = new TargetTls(names.GetValueOrDefault(Certificate), names.GetValueOrDefault(Key), names.GetValueOrDefault(Ca));
        if (field.Errors.Count == 0 && url.Length > 0 && !TextTemplate.IsOne(url))
        {
            RequireUsable(field, tls, grants.Secrets.FindCertificate, new Uri(url));
        }

        return tls;
    }

    /// <summary>Says what is wrong with a URL for connections that are made with certificates.</summary>
    /// <returns>See <see cref="Rollcall.Validation.InputError.Message"/>; null if nothing is.</returns>
    public static string? FindUrlError(TargetTls? tls, string url) =>
        tls is null || new Uri(url).Scheme == Uri.UriSchemeHttps ? null : "is not allowed: the target's URL is not https.";

    static void RequireUsable(JsonField field, TargetTls tls, SecretLookup find, Uri url)
    {
        string? Find(string? name) => name is null ? null : find(name, url);
        if (FindUrlError(tls, url.AbsoluteUri) is { } error)
        {
            field.Refuse(error);
            return;
        }

        try
        {
            new TlsTexts(Find(tls.Certificate), Find(tls.Key), Find(tls.Ca)).Open();
        }
        catch (CertificateException exception)
        {
            string part = exception.IsOfAuthorities ? Ca : exception.IsOfKey ? Key : Certificate;
            field.RefuseAt([part, "secret"], $"names a text of the server that cannot be used: it {exception.Message}.");
        }
    }

    (string Name, Action<JsonField> Read) Part(string part) => (
        part,
        field => field.ReadFields(("secret", f => names[part] = SecretName.Read(f)))?.Require("secret", "the name of a certificate text"));
}
