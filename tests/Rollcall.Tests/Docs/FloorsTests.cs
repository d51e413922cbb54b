using System.Text.RegularExpressions;

namespace Rollcall.Tests.Docs;

/// <summary>Each folder of a project is a floor that stands on those before it. The files of a project's own folder are for all floors, or on top.</summary>
public sealed class FloorsTests
{
    public static TheoryData<string, string[]> Projects { get; } = new()
    {
        {
            "Rollcall",
            [
                "Serialization", "Streams", "Validation", "Items", "Batches", "Telemetry", "Progress", "Storage", "Intake", "Results",
                "Sending", "Notices", "Orchestration", "Lifecycle",
            ]
        },
        { "Rollcall.Api", ["Grants", "Answers", "Requests"] },
        { "Rollcall.Sqlite", ["Encoding", "Storage", "Tables", "Messages", "Timers", "Activities", "Instances", "Orchestrations"] },
        { "Rollcall.Cli", ["Files", "Terminal", "Targets", "Telemetry", "Engine", "Client", "Running", "Serving", "Commands"] },
        { "Rollcall.Functions", ["Storage", "Orchestration", "Queues", "Http"] },
    };

    [Theory]
    [MemberData(nameof(Projects))]
    public void Floor_OfAProject_NamesNoFloorAboveIt(string project, string[] floors)
    {
        string root = Path.Combine(Repository.Root, "src", project);
        Assert.Equal(floors.Order(), Directory.GetDirectories(root).Where(HasCode).Select(Path.GetFileName).Order());
        for (int floor = 0; floor < floors.Length; floor++)
        {
            string above = string.Join('|', floors[(floor + 1)..]);
            var upward = new Regex($@"\b{Regex.Escape(project)}\.({above})\b|(?<=cref=""|[(<,\s])({above})\.[A-Z]\w*\b(?![\w.]*\()");
            foreach (string file in Directory.GetFiles(Path.Combine(root, floors[floor]), "*.cs", SearchOption.AllDirectories))
            {
                string code = File.ReadAllText(file);
                Assert.Contains($"namespace {project}.{floors[floor]};", code, StringComparison.Ordinal);
                Assert.False(above.Length > 0 && upward.Match(code) is { Success: true }, $"{file} is below '{upward.Match(code).Value}', which it names.");
            }
        }
    }

    static bool HasCode(string folder) => Path.GetFileName(folder) is not ("bin" or "obj") && Directory.GetFiles(folder, "*.cs").Length > 0;
}
