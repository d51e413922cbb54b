using Azure;

namespace Rollcall.Functions.Storage;

/// <summary>Reports failures of the account as the contract of the batch store requires.</summary>
static class StorageFailure
{
    /// <summary>Whether the account refused, or did not respond to all of the SDK's own attempts.</summary>
    public static bool Is(Exception exception) =>
        exception is RequestFailedException
            || (exception is AggregateException all && all.InnerExceptions.All(e => e is RequestFailedException));

    /// <summary>A blob's failure, with the account's message.</summary>
    public static IOException Of(string blob, Exception exception) =>
        new($"The storage account failed at blob '{blob}': {CauseOf(exception)}", exception);

    /// <summary>A queue's failure, with the account's message.</summary>
    public static IOException OfQueue(string queue, Exception exception) =>
        new($"The storage account failed at queue '{queue}': {CauseOf(exception)}", exception);

    // The SDK's messages continue with all headers of the response.
    static string CauseOf(Exception exception) => exception.GetBaseException().Message.Split('\n')[0].Trim();
}
