using Azure;

namespace Rollcall.Functions.Storage;

/// <summary>Tells of the account's failures as the batch store's contract has it.</summary>
static class StorageFailure
{
    /// <summary>Whether an exception says that the account refused, or did not answer after all of the SDK's own tries.</summary>
    public static bool Is(Exception exception) =>
        exception is RequestFailedException
            || (exception is AggregateException all && all.InnerExceptions.All(e => e is RequestFailedException));

    /// <summary>The failure of one blob, with what the account said.</summary>
    public static IOException Of(string blob, Exception exception) =>
        new($"The storage account failed at blob '{blob}': {CauseOf(exception)}", exception);

    /// <summary>The failure of one queue, with what the account said.</summary>
    public static IOException OfQueue(string queue, Exception exception) =>
        new($"The storage account failed at queue '{queue}': {CauseOf(exception)}", exception);

    // The SDK's messages go on with all headers of the answer.
    static string CauseOf(Exception exception) => exception.GetBaseException().Message.Split('\n')[0].Trim();
}
