using System.Globalization;
using Rollcall.Api;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Serialization;

namespace Rollcall.Cli.Client;

/// <summary>Which results of a batch to request from a server.</summary>
sealed record ResultsRequest
{
    /// <summary>The batch.</summary>
    public required string Id { get; init; }

    /// <summary>Which run of the batch, from 1; null for the newest.</summary>
    public int? Run { get; init; }

    /// <summary>The index of the first item.</summary>
    public long From { get; init; }

    /// <summary>Whether the results end before the first item without a written outcome.</summary>
    public bool IsContiguous { get; init; }

    /// <summary>The format of the results.</summary>
    public ResultFormat Format { get; init; }

    /// <summary>The outcomes; none for all.</summary>
    public required IReadOnlyCollection<OutcomeStatus> Statuses { get; init; }

    /// <summary>The error codes; none for all.</summary>
    public required IReadOnlyCollection<ItemErrorCode> Codes { get; init; }

    /// <summary>Whether only some items are requested.</summary>
    public bool HasFilter => Statuses.Count + Codes.Count > 0;

    /// <summary>The type of the response.</summary>
    public string MediaType => Format == ResultFormat.Csv ? "text/csv" : "application/x-ndjson";

    /// <summary>The query of the request, such as <c>?from=100&amp;contiguous=true</c>.</summary>
    public string ToQuery()
    {
        List<string> parameters =
        [
            .. Statuses.Select(status => $"status={KebabCase.Of(status)}"),
            .. Codes.Select(code => $"errorCode={KebabCase.Of(code)}"),
        ];
        AddRun(parameters);
        if (From > 0)
        {
            parameters.Add(string.Create(CultureInfo.InvariantCulture, $"from={From}"));
        }

        if (IsContiguous)
        {
            parameters.Add("contiguous=true");
        }

        if (Format != ResultFormat.Jsonl)
        {
            parameters.Add($"format={KebabCase.Of(Format)}");
        }

        return Join(parameters);
    }

    /// <summary>The query of a request for the items with given ids.</summary>
    public string ToItemsQuery(IEnumerable<string> ids)
    {
        var parameters = ids.Select(id => $"{ItemsApi.IdParameter}={Uri.EscapeDataString(id)}").ToList();
        AddRun(parameters);
        return Join(parameters);
    }

    void AddRun(List<string> parameters)
    {
        if (Run is { } run)
        {
            parameters.Add(string.Create(CultureInfo.InvariantCulture, $"run={run}"));
        }
    }

    static string Join(List<string> parameters) => parameters.Count == 0 ? "" : "?" + string.Join('&', parameters);
}
