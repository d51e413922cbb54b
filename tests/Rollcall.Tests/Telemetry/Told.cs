namespace Rollcall.Tests.Telemetry;

/// <summary>What Rollcall tells of itself: what operators, the alerts and the workbook go by.</summary>
static class Told
{
    /// <summary>Each instrument with its unit, its kind and its tags.</summary>
    public static IReadOnlyDictionary<string, (string Unit, string Kind, string[] Tags)> Instruments { get; } =
        new Dictionary<string, (string, string, string[])>
        {
            ["rollcall.items"] = ("{item}", "Counter", ["rollcall.item.status", "error.type"]),
            ["rollcall.attempts"] = ("{attempt}", "Counter", ["http.response.status_code", "error.type"]),
            ["rollcall.attempt.duration"] = ("s", "Histogram", ["http.response.status_code", "error.type"]),
            ["rollcall.requests.active"] = ("{request}", "ObservableUpDownCounter", []),
            ["rollcall.target.refusals"] = ("{response}", "Counter", ["http.response.status_code"]),
            ["rollcall.target.limit"] = ("{request}", "ObservableGauge", ["server.address", "server.port"]),
            ["rollcall.wait.duration"] = ("s", "Histogram", ["rollcall.wait.reason"]),
            ["rollcall.batches.open"] = ("{batch}", "ObservableGauge", ["rollcall.batch.status"]),
            ["rollcall.batches.oldest.age"] = ("s", "ObservableGauge", []),
            ["rollcall.batches.ended"] = ("{batch}", "Counter", ["rollcall.batch.status"]),
            ["rollcall.seal.duration"] = ("s", "Histogram", []),
            ["rollcall.intake.io"] = ("By", "Counter", []),
        };

    /// <summary>The tags of an attempt's span.</summary>
    public static IReadOnlyList<string> SpanTags { get; } = ["rollcall.batch.id", "rollcall.item.index", "rollcall.attempt", "error.type"];
}
