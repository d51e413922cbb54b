using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>
/// Reads the target's headers from headers of a request: those with a value, and those that name a secret as their value.
/// </summary>
static class LinesHeaders
{
    /// <summary>The prefix of all headers that are for Rollcall itself.</summary>
    public const string Prefix = "X-Rollcall-";

    /// <summary>What the names of those begin with that carry a header of the target.</summary>
    public const string ValuePrefix = Prefix + "Header-";

    /// <summary>What the names of those begin with that name the secret whose value a header of the target has.</summary>
    public const string SecretPrefix = Prefix + "Secret-";

    /// <summary>Reads the headers.</summary>
    /// <param name="errors">Collects the errors.</param>
    /// <param name="secretError">Says what is wrong with the name of a secret; null if nothing is.</param>
    /// <returns>The target's headers; only valid if there are no errors.</returns>
    public static Dictionary<string, TargetHeader> Read(IHeaderDictionary request, InputErrorList errors, Func<string, string?> secretError)
    {
        var headers = new Dictionary<string, TargetHeader>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request)
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            bool isSecret = name.StartsWith(SecretPrefix, StringComparison.OrdinalIgnoreCase);
            if (!isSecret && !name.StartsWith(ValuePrefix, StringComparison.OrdinalIgnoreCase))
            {
                errors.Add(InputError.AtHeader(ShortText.Of(name), $"is not known: {ValuePrefix}NAME and {SecretPrefix}NAME are allowed."));
                continue;
            }

            string target = name[(isSecret ? SecretPrefix : ValuePrefix).Length..];
            string value = values.ToString();
            var header = isSecret ? new TargetHeader { Secret = value } : new TargetHeader { Value = value };
            string? error = RequestTarget.Refusal(BatchTarget.FindHeaderError(target, value))
                ?? (isSecret ? SecretName.FindError(value) ?? secretError(value) : null);
            if (error is null && !headers.TryAdd(target, header))
            {
                error = $"is given both as a value and as a secret: one of {ValuePrefix} and {SecretPrefix} is allowed.";
            }

            if (error is not null)
            {
                errors.Add(InputError.AtHeader(ShortText.Of(name), error));
            }
        }

        return headers;
    }
}
