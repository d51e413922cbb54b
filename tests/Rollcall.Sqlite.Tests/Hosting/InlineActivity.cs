using DurableTask.Core;

namespace Rollcall.Sqlite.Tests.Hosting;

/// <summary>An activity that is a function.</summary>
sealed class InlineActivity<TInput, TOutput>(Func<TInput, Task<TOutput>> run) : AsyncTaskActivity<TInput, TOutput>
{
    protected override Task<TOutput> ExecuteAsync(TaskContext context, TInput input) => run(input);
}
