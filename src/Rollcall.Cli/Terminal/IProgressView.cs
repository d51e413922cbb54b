namespace Rollcall.Cli.Terminal;

/// <summary>Shows a run while it goes on.</summary>
interface IProgressView
{
    /// <summary>Shows samples until the work ends. It never ends the work.</summary>
    /// <param name="sample">Takes a sample.</param>
    /// <param name="work">The work; its failure is not this view's.</param>
    /// <returns>A task that ends after the work.</returns>
    Task ShowAsync(Func<ProgressSample> sample, Task work);

    /// <summary>Shows a line that stays, beside the samples.</summary>
    void Note(string text);
}
