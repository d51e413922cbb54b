using DurableTask.Core;

namespace Rollcall.Sqlite.Tables;

/// <summary>A recorded activity that is to be run. Numbers grow in the order of recording.</summary>
sealed record Activity(long Number, TaskMessage Message)
{
    /// <summary>How often it was given back without a result.</summary>
    public int Abandoned { get; set; }
}
