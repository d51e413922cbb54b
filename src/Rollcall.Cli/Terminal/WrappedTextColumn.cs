using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rollcall.Cli.Terminal;

/// <summary>The text beside a bar, over as many lines as it needs: the library's own column cuts it off at the terminal's edge.</summary>
sealed class WrappedTextColumn : ProgressColumn
{
    protected override bool NoWrap => false;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(task.Description);
}
