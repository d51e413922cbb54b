using System.Collections.Concurrent;
using Rollcall.FunctionsHost.Protocol;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>Passes the worker's log lines on, each under its own category, so that the log levels of host.json apply.</summary>
/// <param name="factory">Makes the loggers.</param>
sealed class WorkerLog(ILoggerFactory factory)
{
    readonly ConcurrentDictionary<string, ILogger> loggers = new();

    public void Write(RpcLog line)
    {
        var logger = loggers.GetOrAdd(line.Category.Length > 0 ? line.Category : "Worker", factory.CreateLogger);
        string details = line.Exception is { } exception ? $"\n{exception.Message}\n{exception.StackTrace}" : "";
        logger.Log((LogLevel)(int)line.Level, "{Message}{Details}", line.Message, details);
    }
}
