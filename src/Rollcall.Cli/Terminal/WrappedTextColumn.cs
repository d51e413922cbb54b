using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rollcall.Cli.Terminal;

/// <summary>The text beside a bar, wrapped as needed. The library's own column truncates it at the terminal's edge.</summary>
sealed class WrappedTextColumn : ProgressColumn
{
    protected override bool NoWrap => false;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(task.Description);
}
