using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>The rules for the names in a batch's <c>onCompleted</c>.</summary>
static class NoticeNames
{
    /// <summary>The rule for a queue's name, for error messages.</summary>
    public const string QueueNeeded =
        "the name of a storage queue, 3 to 63 of a-z, 0-9 and - with a letter or digit first, last and beside each -,";

    /// <summary>Why a queue is refused if the host has none.</summary>
    public const string NoQueues = "is not allowed: this host has no storage account, and so no queues.";

    /// <summary>The error of a text that breaks a rule.</summary>
    /// <returns>See <see cref="InputError.Message"/>.</returns>
    public static string Refusal(string text, string needed) => $"is '{ShortText.Of(text)}': {needed} is needed.";
}
