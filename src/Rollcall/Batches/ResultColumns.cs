namespace Rollcall.Batches;

/// <summary>The columns of results as a table.</summary>
static class ResultColumns
{
    /// <summary>The column with an item's input as JSON, in a table that has no columns of the input.</summary>
    public const string Input = "input";

    const string HeaderPrefix = "header.";

    static readonly string[] Fixed =
    [
        "index",
        "id",
        "status",
        "httpStatus",
        "errorCode",
        "errorMessage",
        "attempts",
        "durationMs",
        "contentType",
        "bytes",
        "sha256",
        "body",
        "bodyIsCut",
        "contentEncoding",
    ];

    /// <summary>
    /// Whether a column of every table has a name. To some readers of tables, names that differ only in case are the same.
    /// </summary>
    public static bool AreNamed(string name) =>
        Fixed.Contains(name, StringComparer.OrdinalIgnoreCase) || name.Equals(Input, StringComparison.OrdinalIgnoreCase);

    /// <summary>The names of the columns of a batch's results.</summary>
    public static IReadOnlyList<string> Of(RecordOptions record) =>
    [
        .. Fixed,
        .. record.Extract.Select(field => field.Name),
        .. record.KeepHeaders.Select(header => HeaderPrefix + header),
    ];
}
