using DurableTask.Core;

namespace Rollcall.Sqlite.Tests.Hosting;

/// <summary>Makes an orchestration or an activity under a name of the test's choice.</summary>
sealed class Named<T> : ObjectCreator<T>
{
    readonly Func<T> make;

    public Named(string name, Func<T> make)
    {
        Name = name;
        Version = "";
        this.make = make;
    }

    public override T Create() => make();
}
