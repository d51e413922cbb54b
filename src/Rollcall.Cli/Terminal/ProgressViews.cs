using Spectre.Console;

namespace Rollcall.Cli.Terminal;

/// <summary>Chooses how progress is shown.</summary>
static class ProgressViews
{
    /// <summary>
    /// JSON for programs, a bar on a terminal, plain lines elsewhere and on a dumb terminal. Only JSON goes to standard output, unless the
    /// results go there.
    /// </summary>
    /// <param name="asJson">Whether a program reads it.</param>
    /// <param name="isOutputTaken">Whether the results go to standard output.</param>
    /// <param name="isErrorTaken">Whether the results go to standard error.</param>
    public static IProgressView Create(bool asJson, bool isOutputTaken = false, bool isErrorTaken = false)
    {
        if (asJson)
        {
            return new JsonView(isOutputTaken ? Console.Error : Console.Out, TimeProvider.System);
        }

        if (isErrorTaken)
        {
            return new LineView(Console.Out, TimeProvider.System);
        }

        bool isPlain = Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is "dumb";
        return isPlain ? new LineView(Console.Error, TimeProvider.System) : CreateBar();
    }

    // A separate method, so that a run without a terminal does not load the console library, which probes standard output.
    static BarView CreateBar() => new(
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Ansi = OperatingSystem.IsWindows() ? AnsiSupport.Detect : AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        }),
        TimeProvider.System);
}
