using Spectre.Console;

namespace Rollcall.Cli.Terminal;

/// <summary>Chooses how a run is shown.</summary>
static class ProgressViews
{
    /// <summary>JSON for programs, a bar on a terminal, plain lines elsewhere. Only JSON goes to standard output.</summary>
    public static IProgressView Create(bool asJson)
    {
        if (asJson)
        {
            return new JsonView(Console.Out, TimeProvider.System);
        }

        return Console.IsErrorRedirected ? new LineView(Console.Error, TimeProvider.System) : CreateBar();
    }

    // Apart, so that a run without a terminal does not load the console library.
    static BarView CreateBar() =>
        new(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), TimeProvider.System);
}
