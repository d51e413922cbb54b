using System.Text.Json.Nodes;
using Rollcall.Batches;

namespace Rollcall.Api.Requests;

/// <summary>Reads the <c>auth</c> of a target: where the bearer token of its requests comes from.</summary>
sealed class RequestAuth
{
    const string ClientCredentials = "clientCredentials";
    const string Azure = "azure";
    const string TypeNeeded = $"'{ClientCredentials}' or '{Azure}'";
    const string Basic = "basic";
    const string Body = "body";
    const string ClientAuthNeeded = $"'{Basic}' or '{Body}'";
    const string IdNeeded = "the client's id";
    const string ScopeNeeded = "what the token is for, such as api://x/.default,";

    readonly Dictionary<string, string> parts = [];

    RequestAuth()
    {
    }

    /// <summary>Reads it.</summary>
    /// <returns>The source; null if there is an error.</returns>
    public static TargetAuth? Read(JsonField field)
    {
        long before = field.Errors.Count;
        var auth = new RequestAuth();
        auth.ReadParts(field);
        return field.Errors.Count > before ? null : auth.ToTarget();
    }

    /// <summary>Writes what <see cref="Read"/> reads.</summary>
    public static JsonObject Write(TargetAuth auth)
    {
        if (auth.Type == AuthType.Azure)
        {
            return new JsonObject { ["type"] = Azure, ["scope"] = auth.Scope };
        }

        var json = new JsonObject
        {
            ["type"] = ClientCredentials,
            ["tokenUrl"] = auth.TokenUrl,
            ["clientId"] = auth.ClientId,
            ["clientSecret"] = new JsonObject { ["secret"] = auth.ClientSecret },
            ["clientAuth"] = auth.ClientAuth == ClientAuth.Body ? Body : Basic,
        };
        if (auth.Scope is { } scope)
        {
            json["scope"] = scope;
        }

        return json;
    }

    void ReadParts(JsonField field)
    {
        var names = field.ReadFields(
            ("type", f => Keep("type", f.ReadText(TypeNeeded, text => text is ClientCredentials or Azure))),
            ("tokenUrl", f => Keep("tokenUrl", RequestTarget.ReadUrl(f))),
            ("clientId", f => Keep("clientId", f.ReadText(IdNeeded, text => text.Length > 0))),
            ("clientSecret", f => Keep("clientSecret", ReadSecret(f))),
            ("clientAuth", f => Keep("clientAuth", f.ReadText(ClientAuthNeeded, text => text is Basic or Body))),
            ("scope", f => Keep("scope", f.ReadText(ScopeNeeded, text => text.Length > 0))));
        names?.Require("type", TypeNeeded);
        if (Find("type") == ClientCredentials)
        {
            names?.Require("tokenUrl", RequestTarget.UrlNeeded);
            names?.Require("clientId", IdNeeded);
            names?.Require("clientSecret", "the name of a secret");
        }
        else if (Find("type") == Azure)
        {
            names?.Require("scope", ScopeNeeded);
            foreach (string name in parts.Keys.Except(["type", "scope"]))
            {
                field.RefuseAt([name], $"is for the type '{ClientCredentials}' only.");
            }
        }
    }

    TargetAuth ToTarget() => new()
    {
        Type = Find("type") == Azure ? AuthType.Azure : AuthType.ClientCredentials,
        TokenUrl = Find("tokenUrl"),
        ClientId = Find("clientId"),
        ClientSecret = Find("clientSecret"),
        ClientAuth = Find("clientAuth") == Body ? ClientAuth.Body : ClientAuth.Basic,
        Scope = Find("scope"),
    };

    void Keep(string name, string? text)
    {
        if (text is not null)
        {
            parts[name] = text;
        }
    }

    string? Find(string name) => parts.GetValueOrDefault(name);

    static string? ReadSecret(JsonField field)
    {
        string? secret = null;
        field.ReadFields(("secret", f => secret = SecretName.Read(f)))?.Require("secret", "the name of a secret");
        return secret;
    }
}
