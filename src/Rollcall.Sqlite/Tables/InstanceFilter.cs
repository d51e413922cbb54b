using System.Globalization;
using DurableTask.Core;

namespace Rollcall.Sqlite.Tables;

/// <summary>Which instances a query or a purge selects.</summary>
sealed record InstanceFilter
{
    const string LastCharacter = "\U0010FFFF";

    public IReadOnlyCollection<OrchestrationStatus>? Statuses { get; init; }

    public DateTime? CreatedFrom { get; init; }

    public DateTime? CreatedTo { get; init; }

    public string? Prefix { get; init; }

    /// <summary>A column of times and the limit that they must be before.</summary>
    public (string Column, DateTime Limit)? Before { get; init; }

    public static InstanceFilter Of(PurgeInstanceFilter filter) => new()
    {
        CreatedFrom = filter.CreatedTimeFrom,
        CreatedTo = filter.CreatedTimeTo,
        Statuses = filter.RuntimeStatus is { } statuses ? [.. statuses] : null,
    };

    public static InstanceFilter OlderThan(DateTime limit, OrchestrationStateTimeRangeFilterType type) => new()
    {
        Before = type switch
        {
            OrchestrationStateTimeRangeFilterType.OrchestrationCreatedTimeFilter => ("created", limit),
            OrchestrationStateTimeRangeFilterType.OrchestrationCompletedTimeFilter => ("completed", limit),
            OrchestrationStateTimeRangeFilterType.OrchestrationLastUpdatedTimeFilter => ("updated", limit),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"The type of time is {type}, which is not known."),
        },
    };

    /// <summary>The condition in SQL and the values of its parameters.</summary>
    public (string Condition, List<object> Values) ToSql(string? after)
    {
        var conditions = new List<string> { "1" };
        var values = new List<object>();
        if (after is not null)
        {
            Add("instance_id > ?", after);
        }

        if (!string.IsNullOrEmpty(Prefix))
        {
            Add("instance_id >= ?", Prefix);
            Add("instance_id < ?", Prefix + LastCharacter);
        }

        if (CreatedFrom is { } from)
        {
            Add("created >= ?", UtcTicks(from));
        }

        if (CreatedTo is { } to)
        {
            Add("created <= ?", UtcTicks(to));
        }

        if (Before is { } before)
        {
            Add($"{before.Column} < ?", UtcTicks(before.Limit));
        }

        if (Statuses is { Count: > 0 })
        {
            conditions.Add(
                $"status IN ({string.Join(',', Statuses.Select(status => ((int)status).ToString(CultureInfo.InvariantCulture)))})");
        }

        return (string.Join(" AND ", conditions), values);

        void Add(string condition, object value)
        {
            conditions.Add(condition);
            values.Add(value);
        }
    }

    static long UtcTicks(DateTime time) => (time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks;
}
