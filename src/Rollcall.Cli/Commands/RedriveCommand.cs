using System.CommandLine;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall redrive</c>: resends the items that did not succeed.</summary>
sealed class RedriveCommand : Command
{
    static readonly IReadOnlyList<string> Codes = KebabCase.AllOf<ItemErrorCode>();

    readonly BatchChange batch = new();

    readonly Option<ItemErrorCode[]> onlyCodes = KebabCaseOption.CreateSeveral<ItemErrorCode>(
        "--only-code",
        $"Only items with this error code, one of {string.Join(", ", Codes)}. May be repeated.",
        "CODE");

    public RedriveCommand()
        : base(
            "redrive",
            "Resend the items of an ended batch that did not succeed, with the same Idempotency-Keys. Their new outcomes replace "
            + "the old ones.")
    {
        batch.AddTo(this, ends: true);
        Options.Add(onlyCodes);
        SetAction((parsed, cancellationToken) =>
        {
            string query = string.Join('&', (parsed.GetValue(onlyCodes) ?? []).Select(code => $"errorCode={KebabCase.Of(code)}"));
            return batch.RunAsync(
                parsed,
                (client, id, token) => client.PostAsync(id, query.Length == 0 ? "redrive" : $"redrive?{query}", token),
                cancellationToken);
        });
    }
}
