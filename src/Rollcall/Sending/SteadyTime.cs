namespace Rollcall.Sending;

/// <summary>A clock that only goes forward, whatever is done to the one on the wall.</summary>
static class SteadyTime
{
    /// <summary>The time since a moment that is the same for the life of the process.</summary>
    public static TimeSpan GetSteadyTime(this TimeProvider time) => time.GetElapsedTime(0);
}
