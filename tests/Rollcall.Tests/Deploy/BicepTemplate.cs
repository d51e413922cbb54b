using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Rollcall.Tests.Docs;

namespace Rollcall.Tests.Deploy;

/// <summary>A file of <c>infra</c>, compiled to the template that Azure is given.</summary>
/// <param name="Warnings">What the compiler and its linter said of it.</param>
/// <param name="Root">The template.</param>
sealed record BicepTemplate(string Warnings, JsonElement Root)
{
    static readonly Lazy<BicepTemplate> Main = new(() => Build("main.bicep"));

    /// <summary>What <c>azd</c> deploys.</summary>
    public static BicepTemplate OfTheApp => Main.Value;

    /// <summary>The values of <c>main.parameters.json</c>.</summary>
    public static JsonElement ParametersFile =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.Root, "infra", "main.parameters.json"))).GetProperty("parameters");

    /// <summary>Compiles a file, without a registry.</summary>
    public static BicepTemplate Build(string file)
    {
        using var bicep = Process.Start(new ProcessStartInfo(
            PathOf("BicepPath"),
            ["build", Path.Combine(Repository.Root, "infra", file), "--no-restore", "--stdout"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var warnings = bicep.StandardError.ReadToEndAsync();
        string output = bicep.StandardOutput.ReadToEnd();
        bicep.WaitForExit();
        Assert.True(bicep.ExitCode == 0, warnings.Result);
        return new BicepTemplate(warnings.Result, JsonElement.Parse(output));
    }

    /// <summary>The template of a module.</summary>
    public JsonElement Module(string name) => Root.At("resources", name, "properties", "template");

    /// <summary>The resources of a type in a module.</summary>
    public IReadOnlyList<JsonElement> Resources(string module, string type) =>
        [.. ResourcesOf(Module(module)).Where(resource =>
            resource.GetProperty("type").ValueEquals(type) && !resource.TryGetProperty("existing", out _))];

    /// <summary>Every resource of every module.</summary>
    public IEnumerable<JsonElement> AllResources() => ResourcesOf(Root).SelectMany(resource =>
        resource.GetProperty("type").ValueEquals("Microsoft.Resources/deployments")
            ? ResourcesOf(resource.At("properties", "template"))
            : [resource]);

    // With languageVersion 2.0 they have names of their own.
    static IEnumerable<JsonElement> ResourcesOf(JsonElement template)
    {
        var resources = template.GetProperty("resources");
        return resources.ValueKind == JsonValueKind.Array
            ? resources.EnumerateArray()
            : resources.EnumerateObject().Select(resource => resource.Value);
    }

    static string PathOf(string key)
    {
        var metadata = typeof(BicepTemplate).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        return Path.GetFullPath(metadata.Single(attribute => attribute.Key == key).Value!.Replace('\\', '/'));
    }
}
