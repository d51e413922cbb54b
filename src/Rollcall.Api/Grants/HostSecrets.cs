using Microsoft.Extensions.Configuration;
using Rollcall.Credentials;

namespace Rollcall.Api.Grants;

/// <summary>
/// The secrets of a host. Each may be sent only to the origins (scheme, host and port) that it is bound to. The keys that sign webhooks are
/// separate from the values of headers, and so are the keys of certificates: a key that can be sent does not prove anything.
/// </summary>
/// <exception cref="InvalidOperationException">An origin is invalid. The message says which setting has it.</exception>
public sealed class HostSecrets(IConfiguration configuration)
{
    const string HeadersSection = "Secrets";
    const string KeysSection = "WebhookKeys";
    const string ScopesSection = "AzureScopes";
    const string CertificatesSection = "Certificates";

    // App Service leaves the setting unchanged if it cannot read the vault:
    // https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
    const string VaultReference = "@Microsoft.KeyVault(";

    readonly Dictionary<string, OriginSecret> headers = Read(configuration, HeadersSection);
    readonly Dictionary<string, OriginSecret> keys = Read(configuration, KeysSection);
    readonly Dictionary<string, OriginSecret> scopes = Read(configuration, ScopesSection);
    readonly Dictionary<string, OriginSecret> certificates = Read(configuration, CertificatesSection);

    /// <summary>No secrets.</summary>
    public static HostSecrets None { get; } = new(new ConfigurationBuilder().Build());

    /// <summary>The settings of secrets that no batch can use because they are bound to no origin.</summary>
    public IEnumerable<string> Unbound =>
        new (string Section, Dictionary<string, OriginSecret> Secrets)[]
            {
                (HeadersSection, headers),
                (KeysSection, keys),
                (ScopesSection, scopes),
                (CertificatesSection, certificates),
            }
            .SelectMany(kind => kind.Secrets.Where(secret => secret.Value.IsUnbound).Select(secret => SettingOf(kind.Section, secret.Key)));

    /// <summary>The settings whose value is still a reference to a vault, and so not a secret. They count as not set.</summary>
    public IEnumerable<string> Unresolved { get; } = [.. new[] { HeadersSection, KeysSection, ScopesSection, CertificatesSection }
        .SelectMany(section => SettingsOf(configuration, section).Where(IsReference).Select(setting => SettingOf(section, setting.Key)))];

    /// <summary>Finds the value of a header: see <see cref="SecretLookup"/>.</summary>
    public string? FindHeaderValue(string name, Uri url) => headers.GetValueOrDefault(name)?.For(url);

    /// <summary>Finds the key that signs a notice: see <see cref="SecretLookup"/>.</summary>
    public string? FindWebhookKey(string name, Uri url) => keys.GetValueOrDefault(name)?.For(url);

    /// <summary>Decides who gets tokens of the host's Azure identity: see <see cref="ScopeCheck"/>.</summary>
    public bool MayHaveToken(string scope, Uri url) => scopes.Values.Any(allowed => allowed.For(url) == scope);

    /// <summary>Finds the PEM text of a certificate or a key: see <see cref="SecretLookup"/>.</summary>
    public string? FindCertificate(string name, Uri url) => certificates.GetValueOrDefault(name)?.For(url);

    static Dictionary<string, OriginSecret> Read(IConfiguration configuration, string section)
    {
        var read = new Dictionary<string, OriginSecret>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in SettingsOf(configuration, section))
        {
            if (setting.Value is { Length: > 0 } value && !IsReference(setting))
            {
                read.Add(setting.Key, OriginSecret.Parse(value, $"{SettingOf(section, setting.Key)}__Origins", setting["Origins"]));
            }
        }

        return read;
    }

    static IEnumerable<IConfigurationSection> SettingsOf(IConfiguration configuration, string section) =>
        configuration.GetSection($"Rollcall:{section}").GetChildren();

    static bool IsReference(IConfigurationSection setting) =>
        setting.Value?.StartsWith(VaultReference, StringComparison.OrdinalIgnoreCase) == true;

    static string SettingOf(string section, string name) => $"Rollcall__{section}__{name}";
}
