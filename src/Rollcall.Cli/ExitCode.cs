namespace Rollcall.Cli;

/// <summary>The process's exit codes.</summary>
static class ExitCode
{
    /// <summary>Every item succeeded.</summary>
    public const int Succeeded = 0;

    /// <summary>Every item has an outcome, and at least one did not succeed.</summary>
    public const int FinishedWithFailures = 1;

    /// <summary>The command line or the input is wrong. Nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>The work could not be finished. What was recorded is kept, and the same command resumes from there.</summary>
    public const int NotFinished = 3;

    /// <summary>The reader of the output closed it. Shells show the same code for other commands: 128 + SIGPIPE.</summary>
    public const int ReaderGone = 141;
}
