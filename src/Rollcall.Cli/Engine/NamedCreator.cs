using DurableTask.Core;

namespace Rollcall.Cli.Engine;

/// <summary>Makes orchestrations or activities under a name of our choice.</summary>
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
