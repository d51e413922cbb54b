using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>A storage account of its own: Azurite on free ports of 127.0.0.1, on disk in a folder that goes with it.</summary>
sealed partial class AzuriteProcess : IAsyncDisposable
{
    // Azurite's published account, the same on every machine.
    const string Account = "devstoreaccount1";
    const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    static readonly string[] Services = ["Blob", "Queue", "Table"];

    readonly Process process;
    readonly string folder;
    readonly LineLog output;
    readonly LineLog errors;

    AzuriteProcess(Process process, string folder)
    {
        this.process = process;
        this.folder = folder;
        output = new LineLog(process.StandardOutput);
        errors = new LineLog(process.StandardError);
    }

    public string ConnectionString { get; private set; } = "";

    public static async Task<AzuriteProcess> StartAsync()
    {
        await NodeModules.RequireAsync();
        string folder = Directory.CreateTempSubdirectory("rollcall-azurite-").FullName;
        Process process;
        try
        {
            process = Start(folder);
        }
        catch (InvalidOperationException)
        {
            Directory.Delete(folder);
            throw;
        }

        var azurite = new AzuriteProcess(process, folder);
        try
        {
            await azurite.WaitAsync();
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }

        return azurite;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    static Process Start(string folder)
    {
        string[] ports = [.. Services.SelectMany(service => (string[])[$"--{Option(service)}Host", "127.0.0.1", $"--{Option(service)}Port", "0"])];
        string[] options = ["--location", folder, .. ports, "--skipApiVersionCheck", "--silent", "--disableTelemetry"];
        return NodeModules.Start(new ProcessStartInfo("node", [NodeModules.Azurite, .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
    }

    async Task WaitAsync()
    {
        string[] endpoints = await Task.WhenAll(
            Services.Select(async service => $"{service}Endpoint={await FindAddressAsync(service)}/{Account};"));
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};{string.Concat(endpoints)}";
    }

    async Task<string> FindAddressAsync(string service)
    {
        try
        {
            return Address().Match(await output.WaitForAsync($"Azurite {service} service is successfully listening at")).Value;
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
        {
            throw new InvalidOperationException($"Azurite did not start its {service} service.\n{output.Text}{errors.Text}", exception);
        }
    }

    static string Option(string service) => char.ToLowerInvariant(service[0]) + service[1..];

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
