namespace Rollcall.Sending;

/// <summary>A clock that only moves forward, even if the system clock is set.</summary>
static class SteadyTime
{
    /// <summary>The time since a fixed moment in the life of the process.</summary>
    public static TimeSpan GetSteadyTime(this TimeProvider time) => time.GetElapsedTime(0);
}
