using Spectre.Console.Rendering;

namespace Rollcall.Cli.Terminal;

/// <summary>
/// A line in the place of a bar, which is drawn again below it. What is left of the bar is erased first, as the line covers less of it; and
/// the line is not broken, so that a command in it can be copied.
/// </summary>
sealed class NoteLine(string text) : Renderable
{
    // ED of ECMA-48: from the cursor to the end of the screen.
    const string EraseBelow = "\e[J";

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        options.Ansi ? [Segment.Control(EraseBelow), new Segment(text), Segment.LineBreak] : [new Segment(text), Segment.LineBreak];
}
