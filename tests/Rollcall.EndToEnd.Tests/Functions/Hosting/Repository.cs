using System.Reflection;

namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>Where the build put what is tested.</summary>
static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>Where a project's build is, within its folder.</summary>
    public static string BuildOutput { get; } = Metadata("BuildOutput");

    public static string Configuration { get; } = BuildOutput.Split('/')[1];

    /// <summary>The Function App's folder, as <c>func start</c> takes it.</summary>
    public static string App { get; } = Path.Combine(Root, "src", "Rollcall.Functions", BuildOutput);

    public static string AppProject { get; } = Path.Combine(Root, "src", "Rollcall.Functions", "Rollcall.Functions.csproj");

    /// <summary>The program that runs the app.</summary>
    public static string Host { get; } =
        Path.Combine(Root, "tests", "Rollcall.FunctionsHost", BuildOutput, "Rollcall.FunctionsHost.dll");

    static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
