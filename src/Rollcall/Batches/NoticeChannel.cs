using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>The way that a notice takes.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<NoticeChannel>))]
public enum NoticeChannel
{
    /// <summary>A signed request to a URL.</summary>
    Webhook,

    /// <summary>A message on a queue of the app's own storage account.</summary>
    Queue,
}
