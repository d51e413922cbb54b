using System.Globalization;
using Rollcall.Sqlite.Tests.Bench;
using Rollcall.Sqlite.Tests.Crash;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Rollcall.Sqlite.Tests;

/// <summary>Runs the tests. With a first argument of its own it is the bench, or the child that a crash test kills.</summary>
static class Program
{
    static Task<int> Main(string[] args) => args switch
    {
        ["crash-child", var database, var log, var output, var linesToLive] =>
            CrashChild.RunAsync(database, log, output, int.Parse(linesToLive, CultureInfo.InvariantCulture)),
        ["bench", .. var rest] => ThroughputBench.RunAsync(rest),
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
            TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => ConsoleRunner.Run(args),
    };
}
