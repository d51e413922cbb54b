using System.Text.Json.Serialization;

namespace Rollcall.Batches;

/// <summary>
/// Where the bearer token of a batch's requests comes from. Each has it as <c>Authorization: Bearer …</c> (RFC 6750, section 2.1). Neither
/// the token nor the secret that it is taken with is ever stored.
/// </summary>
public sealed record TargetAuth
{
    /// <summary>The kind of source.</summary>
    public required AuthType Type { get; init; }

    /// <summary>The token endpoint (RFC 6749, section 3.2), an http or https URL. Client credentials only.</summary>
    public string? TokenUrl { get; init; }

    /// <summary>The client's id. Client credentials only.</summary>
    public string? ClientId { get; init; }

    /// <summary>The name of the secret that holds the client's secret. Client credentials only.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>How the client's id and secret are sent. Client credentials only.</summary>
    public ClientAuth ClientAuth { get; init; }

    /// <summary>
    /// What the token is for; null if the token endpoint decides. An Azure identity needs one, such as <c>api://x/.default</c>.
    /// </summary>
    public string? Scope { get; init; }
}

/// <summary>The kinds of token sources.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuthType>))]
public enum AuthType
{
    /// <summary>The client credentials grant of OAuth 2 (RFC 6749, section 4.4).</summary>
    [JsonStringEnumMemberName("clientCredentials")]
    ClientCredentials,

    /// <summary>The Azure identity of the process that sends.</summary>
    [JsonStringEnumMemberName("azure")]
    Azure,

    /// <summary>A command whose output is the token. Only a run on one machine has it: a server runs no commands.</summary>
    [JsonStringEnumMemberName("command")]
    Command,
}

/// <summary>How a client proves itself at the token endpoint (RFC 6749, section 2.3.1).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClientAuth>))]
public enum ClientAuth
{
    /// <summary>In the <c>Authorization</c> header, which every token endpoint has to support.</summary>
    [JsonStringEnumMemberName("basic")]
    Basic,

    /// <summary>As fields of the request's body.</summary>
    [JsonStringEnumMemberName("body")]
    Body,
}
