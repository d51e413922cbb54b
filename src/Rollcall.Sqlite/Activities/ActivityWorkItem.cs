using System.Globalization;
using DurableTask.Core;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite.Activities;

/// <summary>An activity that a worker is running.</summary>
sealed class ActivityWorkItem : TaskActivityWorkItem
{
    public ActivityWorkItem(Activity activity)
    {
        Activity = activity;
        Id = activity.Number.ToString(CultureInfo.InvariantCulture);
        LockedUntilUtc = DateTime.MaxValue;
        TaskMessage = activity.Message;
    }

    public Activity Activity { get; }
}
