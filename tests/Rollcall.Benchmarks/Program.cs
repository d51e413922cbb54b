using System.CommandLine;
using Rollcall.Benchmarks;

var scale = new Option<double>("--scale")
{
    Description = "The share of the full load, so that CI can run it all: 0.001 to 1.",
    DefaultValueFactory = _ => 1,
};
var pairs = new Option<int>("--pairs") { Description = "How many runs of each side.", DefaultValueFactory = _ => 5 };
var other = new Option<string?>("--other")
{
    Description = "The executable of that commit: dotnet publish src/Rollcall.Cli -c Release.",
    Required = true,
};
var cli = new Option<string?>("--cli")
{
    Description = "An executable of the command line that is there already. Without it one is published.",
};
var root = new RootCommand("Measures what docs/benchmarks.md says. Linux, python3 with aiohttp for the peers.") { scale, pairs };

Command Add(string name, string description, Func<Workspace, Load, Task> run)
{
    var command = new Command(name, description) { scale, pairs, cli };
    command.SetAction(async (parsed, _) =>
    {
        await using var workspace = await Workspace.CreateAsync(parsed.GetValue(cli));
        await run(workspace, new Load(parsed.GetValue(scale), parsed.GetValue(pairs), name == "against" ? parsed.GetValue(other) : null));
    });
    root.Add(command);
    return command;
}

Add("throughput", "30,000 items against the usual script, in turn.", Scenarios.ThroughputAsync);
Add("against", "30,000 items against a rollcall of another commit, in turn.", Scenarios.AgainstAsync).Add(other);
Add("requests", "30,000 rows of CSV with templates against lines, in turn.", Scenarios.RequestsAsync);
var telemetry = new Command("telemetry", "What it takes to tell of an item where nobody listens.") { scale, pairs };
telemetry.SetAction(parsed => UnheardTelemetry.Measure(new Load(parsed.GetValue(scale), parsed.GetValue(pairs), Other: null)));
root.Add(telemetry);
Add("scale", "The cost of an item and the memory at 3,000 and at 300,000 items.", Scenarios.ScaleAsync);
Add("memory", "The memory with responses of 1 MB.", Scenarios.MemoryAsync);
Add("startup", "10 items, from start to exit.", Scenarios.StartupAsync);
return await root.Parse(args).InvokeAsync();
