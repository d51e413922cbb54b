namespace Rollcall.Cli;

/// <summary>What the process ends with, for scripts.</summary>
static class ExitCode
{
    /// <summary>Every item succeeded.</summary>
    public const int Succeeded = 0;

    /// <summary>Every item has an outcome, and at least one did not succeed.</summary>
    public const int FinishedWithFailures = 1;

    /// <summary>The command line or the input is wrong. Nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>The work could not be finished. What was recorded is kept, and the same command goes on from there.</summary>
    public const int NotFinished = 3;

    /// <summary>Whoever read the output went away. It is what a shell shows of other commands that end so: 128 and SIGPIPE.</summary>
    public const int ReaderGone = 141;
}
