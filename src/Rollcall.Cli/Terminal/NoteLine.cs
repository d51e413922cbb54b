using Spectre.Console.Rendering;

namespace Rollcall.Cli.Terminal;

/// <summary>
/// A line written over a progress bar, which is redrawn below it. The bar is erased first, because the line may be shorter. The line is not
/// wrapped, so that a command in it can be copied.
/// </summary>
sealed class NoteLine(string text) : Renderable
{
    // ED of ECMA-48: from the cursor to the end of the screen.
    const string EraseBelow = "\e[J";

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        options.Ansi ? [Segment.Control(EraseBelow), new Segment(text), Segment.LineBreak] : [new Segment(text), Segment.LineBreak];
}
