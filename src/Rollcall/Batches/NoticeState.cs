using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>How far a notice has come on one of its ways.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<NoticeState>))]
public enum NoticeState
{
    /// <summary>It is sent, or sent again later.</summary>
    Pending,

    /// <summary>It was taken.</summary>
    Delivered,

    /// <summary>It was not taken, and is not sent again.</summary>
    Failed,
}
