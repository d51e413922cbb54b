using System.Globalization;
using System.Text.Json;
using Microsoft.DurableTask;

namespace Rollcall.Orchestration;

/// <summary>
/// Calls of activities that never take another call's result for their own. The platform identifies what an orchestrator started, be it an
/// activity, a timer or a sub-orchestration, by its number in the order of the orchestrator's calls. A turn that is lost with its host may
/// already have queued some. The turn that replaces it may see results in another order, and so give the same number to something else,
/// which then gets what the lost turn had started: another activity's result, or a timer's number.
/// </summary>
static class StepCalls
{
    /// <summary>
    /// How often something is called because of foreign results. A lost turn can leave one for each thing that it started.
    /// </summary>
    public const int MostCalls = 100;

    /// <summary>Calls an activity, and calls it again if something else's result comes back.</summary>
    /// <typeparam name="T">
    /// The result. What no other result has must be required (<see cref="System.Text.Json.Serialization.JsonRequiredAttribute"/>), so that
    /// another one cannot be read as this.
    /// </typeparam>
    /// <param name="isOwn">Whether a result is of this call; null if every result of the type is.</param>
    /// <exception cref="TaskFailedException">The activity failed.</exception>
    /// <exception cref="InvalidOperationException">Only foreign results came back.</exception>
    public static Task<T> CallStepAsync<T>(
        this TaskOrchestrationContext context, string activity, object input, Func<T, bool>? isOwn = null)
        where T : class =>
        FindOwnAsync(activity, _ => context.CallActivityAsync<T>(activity, input, PlatformRetry.Options), isOwn);

    /// <summary>Makes a call until a result is its own.</summary>
    /// <param name="name">What is called.</param>
    /// <param name="call">Calls it, given how often it was called before.</param>
    /// <param name="isOwn">Whether a result is of this call; null if every result of the type is.</param>
    /// <exception cref="InvalidOperationException">Only foreign results came back.</exception>
    public static async Task<T> FindOwnAsync<T>(string name, Func<int, Task<T>> call, Func<T, bool>? isOwn)
        where T : class
    {
        for (int calls = 0; calls < MostCalls; calls++)
        {
            if (await ReadAsync(call(calls)) is { } result && isOwn?.Invoke(result) != false)
            {
                return result;
            }
        }

        throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"'{name}' was called {MostCalls} times, and none of the results that came back was its own."));
    }

    static async Task<T?> ReadAsync<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call;
        }
        catch (JsonException)
        {
            // It cannot be read as a result of this type, so it is something else's.
            return null;
        }
    }
}
