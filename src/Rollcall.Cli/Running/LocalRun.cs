namespace Rollcall.Cli.Running;

/// <summary>A run of this machine, found by its state folder.</summary>
static class LocalRun
{
    /// <summary>Reads what the state folder says about its run. It is not locked.</summary>
    /// <exception cref="CliException">There is no run in it.</exception>
    public static Task<RunStateFile> ReadAsync(string stateFolder)
    {
        string path = new StateFolder(stateFolder).StateFilePath;
        return File.Exists(path)
            ? RunStateFile.ReadAsync(path)
            : throw CliException.Usage(
                $"There is no run in the state folder '{stateFolder}'. Name the output of 'rollcall run', and with --state its state "
                + "folder if that is another.");
    }
}
