using System.Runtime.CompilerServices;

namespace Rollcall.EndToEnd.Tests;

/// <summary>What all processes that the tests start have in their environment.</summary>
static class StartedProcesses
{
    /// <summary>
    /// Most end after seconds: to compile again what ran some times takes half of their processor time, and they do not get it back. What
    /// is set already stays, for runs of hours.
    /// </summary>
    [ModuleInitializer]
    internal static void Prepare()
    {
        foreach (string name in (string[])["DOTNET_TieredPGO", "DOTNET_TC_CallCounting"])
        {
            Environment.SetEnvironmentVariable(name, Environment.GetEnvironmentVariable(name) ?? "0");
        }
    }
}
