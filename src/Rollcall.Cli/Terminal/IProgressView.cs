namespace Rollcall.Cli.Terminal;

/// <summary>Shows the progress of a run.</summary>
interface IProgressView
{
    /// <summary>Shows samples until the work ends. It never ends the work.</summary>
    /// <param name="sample">Takes a sample.</param>
    /// <param name="work">The work. The view ignores its failure.</param>
    /// <returns>A task that ends after the work.</returns>
    Task ShowAsync(Func<ProgressSample> sample, Task work);

    /// <summary>Shows a line that stays on the screen.</summary>
    void Note(string text);
}
