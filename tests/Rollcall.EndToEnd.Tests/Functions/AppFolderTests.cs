using System.Reflection;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>The app's folder has all that the Functions host looks for, and not only what the stand-in of these tests reads.</summary>
public sealed class AppFolderTests
{
    // The host loads a .NET isolated app's extensions from here: https://github.com/Azure/azure-functions-dotnet-worker
    const string Extensions = ".azurefunctions";

    [Theory]
    [InlineData("host.json")]
    [InlineData("worker.config.json")]
    [InlineData("functions.metadata")]
    [InlineData("extensions.json")]
    [InlineData(Extensions + "/function.deps.json")]
    public void Folder_OfTheBuild_HasTheHostsFile(string name)
    {
        string path = Path.Combine(Repository.App, name);
        Assert.True(File.Exists(path), $"There is no {path}.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        Assert.NotEqual(JsonValueKind.Undefined, document.RootElement.ValueKind);
    }

    [Fact]
    public void Extensions_OfTheApp_AreThereAndNamedToTheHost()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.App, "extensions.json")));
        var extensions = document.RootElement.GetProperty("extensions").EnumerateArray().ToList();
        Assert.Contains(extensions, e => e.GetProperty("name").GetString()!.Contains("DurableTask", StringComparison.Ordinal));
        Assert.Contains(extensions, e => e.GetProperty("name").GetString()!.Contains("Queues", StringComparison.Ordinal));
        Assert.All(
            extensions,
            e => Assert.True(File.Exists(Path.Combine(Repository.App, e.GetProperty("hintPath").GetString()!)), $"{e} is not there."));
    }

    [Theory]
    [InlineData("Microsoft.Azure.WebJobs.Extensions.DurableTask")]
    [InlineData("Microsoft.Azure.WebJobs.Extensions.Storage.Queues")]
    [InlineData("DurableTask.AzureStorage")]
    [InlineData("DurableTask.Core")]
    public void Extension_OfTheStandIn_IsOfTheVersionThatTheAppBringsForTheRealHost(string name)
    {
        string own = Path.Combine(Path.GetDirectoryName(Repository.Host)!, name + ".dll");
        string app = Path.Combine(Repository.App, Extensions, name + ".dll");
        Assert.Equal(AssemblyName.GetAssemblyName(app).FullName, AssemblyName.GetAssemblyName(own).FullName);
    }

    [Fact]
    public void Functions_OfTheMetadata_AreTheTriggersOfTheContract()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.App, "functions.metadata")));
        var triggers = document.RootElement.EnumerateArray()
            .Select(function => (
                Name: function.GetProperty("name").GetString()!,
                Trigger: function.GetProperty("bindings").EnumerateArray().First(
                    b => b.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase))))
            .ToDictionary(f => f.Name, f => f.Trigger.Clone());

        Assert.All(
            triggers.Where(t => t.Value.GetProperty("type").GetString() == "httpTrigger" && t.Key != "GetHealth"),
            t => Assert.Equal("Function", t.Value.GetProperty("authLevel").GetString()));
        Assert.Equal("rollcall-batches", triggers["StartQueuedBatch"].GetProperty("queueName").GetString());
        Assert.Equal("timerTrigger", triggers["ReconcileBatches"].GetProperty("type").GetString());
        Assert.True(triggers["ReconcileBatches"].GetProperty("runOnStartup").GetBoolean());
        foreach (string name in new[] { "BatchOrchestrator", "ShardOrchestrator" })
        {
            Assert.Equal("orchestrationTrigger", triggers[name].GetProperty("type").GetString());
        }

        foreach (string name in new[] { "PostItem", "WriteShard", "SealBatch", "FindWritten" })
        {
            Assert.Equal("activityTrigger", triggers[name].GetProperty("type").GetString());
        }
    }
}
