using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>A storage account of its own: Azurite on free ports of 127.0.0.1, on disk in a folder that goes with it.</summary>
sealed partial class AzuriteProcess : IAsyncDisposable
{
    // Azurite's published account, the same on every machine.
    const string Account = "devstoreaccount1";
    const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    static readonly string[] Services = ["Blob", "Queue", "Table"];

    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    readonly string folder;
    readonly bool logsRequests;
    string[] addresses = [.. Services.Select(_ => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"))];
    Process process;
    LineLog output;
    LineLog errors;

    AzuriteProcess(string folder, bool logsRequests)
    {
        this.folder = folder;
        this.logsRequests = logsRequests;
        (process, output, errors) = StartProcess();
    }

    public string ConnectionString { get; private set; } = "";

    /// <summary>What it has written: with <c>logsRequests</c> a line for each request.</summary>
    public string Output => output.Text;

    public static async Task<AzuriteProcess> StartAsync(bool logsRequests = false)
    {
        await NodeModules.RequireAsync();
        string folder = Directory.CreateTempSubdirectory("rollcall-azurite-").FullName;
        AzuriteProcess azurite;
        try
        {
            azurite = new AzuriteProcess(folder, logsRequests);
        }
        catch (InvalidOperationException)
        {
            Directory.Delete(folder);
            throw;
        }

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

    /// <summary>
    /// Takes the account away in good order. It keeps much in memory and writes it down every few seconds, so that a kill would lose what
    /// it has confirmed, which an account of Azure does not.
    /// </summary>
    public async Task StopAsync()
    {
        Signal.Send(process.Id, Signal.Terminate);
        using var limit = new CancellationTokenSource(StopLimit);
        await process.WaitForExitAsync(limit.Token);
    }

    /// <summary>Brings it back, at the same addresses and with the same content.</summary>
    public async Task StartAgainAsync()
    {
        process.Dispose();
        (process, output, errors) = StartProcess();
        await WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    (Process Process, LineLog Output, LineLog Errors) StartProcess()
    {
        string[] ports = [.. Services.Zip(addresses).SelectMany(service => PortOptions(service.First, new Uri(service.Second)))];
        string[] log = logsRequests ? [] : ["--silent"];
        string[] options = ["--location", folder, .. ports, "--skipApiVersionCheck", .. log, "--disableTelemetry"];
        var started = NodeModules.Start(new ProcessStartInfo("node", [NodeModules.Azurite, .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        return (started, new LineLog(started.StandardOutput), new LineLog(started.StandardError));
    }

    async Task WaitAsync()
    {
        addresses = await Task.WhenAll(Services.Select(FindAddressAsync));
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
            + string.Concat(Services.Zip(addresses).Select(service => $"{service.First}Endpoint={service.Second}/{Account};"));
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

    static string[] PortOptions(string service, Uri address)
    {
        string option = "--" + char.ToLowerInvariant(service[0]) + service[1..];
        return [option + "Host", address.Host, option + "Port", address.Port.ToString(CultureInfo.InvariantCulture)];
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
