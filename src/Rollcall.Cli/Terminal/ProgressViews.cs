using Spectre.Console;

namespace Rollcall.Cli.Terminal;

/// <summary>Chooses how a run is shown.</summary>
static class ProgressViews
{
    /// <summary>
    /// JSON for programs, a bar on a terminal, plain lines elsewhere, also on a terminal that obeys no codes. Only JSON goes to standard
    /// output, unless that has the results.
    /// </summary>
    /// <param name="asJson">Whether a program reads it.</param>
    /// <param name="isOutputTaken">Whether standard output has the results.</param>
    /// <param name="isErrorTaken">Whether standard error has the results.</param>
    public static IProgressView Create(bool asJson, bool isOutputTaken = false, bool isErrorTaken = false) =>
        asJson ? new JsonView(isOutputTaken ? Console.Error : Console.Out, TimeProvider.System)
        : isErrorTaken ? new LineView(Console.Out, TimeProvider.System)
        : Console.IsErrorRedirected
            || Environment.GetEnvironmentVariable("TERM") is "dumb" ? new LineView(Console.Error, TimeProvider.System)
        : CreateBar();

    // Apart, so that a run without a terminal does not load the console library, which asks standard output whether there is one.
    static BarView CreateBar() => new(
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Ansi = OperatingSystem.IsWindows() ? AnsiSupport.Detect : AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        }),
        TimeProvider.System);
}
