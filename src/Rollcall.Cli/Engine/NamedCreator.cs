using DurableTask.Core;

namespace Rollcall.Cli.Engine;

/// <summary>Creates orchestrations or activities under a chosen name.</summary>
sealed class NamedCreator<T> : ObjectCreator<T>
{
    readonly Func<T> create;

    public NamedCreator(string name, Func<T> create)
    {
        this.create = create;
        Name = name;
        Version = "";
    }

    public override T Create() => create();
}
