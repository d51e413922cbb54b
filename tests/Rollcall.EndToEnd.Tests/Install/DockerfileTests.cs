using System.Text.Json;
using Rollcall.Cli.Commands;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Install;

/// <summary>What can be held of the image without a builder of images. The workflows build it and run it.</summary>
public sealed class DockerfileTests
{
    readonly string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"));

    [Fact]
    public void Dockerfile_Commands_AreThoseOfTheCommandLine()
    {
        Assert.Equal(["/app/rollcall"], ArrayOf("ENTRYPOINT "));
        Assert.Empty(CommandTree.Create().Parse(ArrayOf("CMD ")).Errors);
        Assert.Equal(["/app/rollcall", "health"], ArrayOf("HEALTHCHECK "));
    }

    [Fact]
    public void Dockerfile_LastStage_IsNotRunByRootAndKeepsItsStateInAVolume()
    {
        var last = lines.Skip(Array.FindLastIndex(lines, line => line.StartsWith("FROM ", StringComparison.Ordinal))).ToList();

        Assert.Contains("USER $APP_UID", last);
        Assert.Contains("VOLUME /state", last);
        Assert.Equal("/state", ArrayOf("CMD ")[^1]);
        Assert.Contains(
            last,
            line =>
                line.StartsWith("COPY ", StringComparison.Ordinal)
                    && line.EndsWith("--chown=$APP_UID:$APP_UID /state /state", StringComparison.Ordinal));
    }

    string[] ArrayOf(string instruction)
    {
        string line = lines.Single(line => line.StartsWith(instruction, StringComparison.Ordinal));
        return JsonSerializer.Deserialize<string[]>(line[line.IndexOf('[', StringComparison.Ordinal)..])!;
    }
}
