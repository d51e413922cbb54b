using Azure;

namespace Rollcall.Functions.Storage;

/// <summary>Tells of the account's failures as the batch store's contract has it.</summary>
static class StorageFailure
{
    /// <summary>Whether an exception says that the account refused, or did not answer after all of the SDK's own tries.</summary>
    public static bool Is(Exception exception) =>
        exception is RequestFailedException || (exception is AggregateException all && all.InnerExceptions.All(e => e is RequestFailedException));

    /// <summary>The failure of one blob, with what the account said.</summary>
    public static IOException Of(string blob, Exception exception)
    {
        // The SDK's messages go on with all headers of the answer.
        string cause = exception.GetBaseException().Message.Split('\n')[0].Trim();
        return new IOException($"The storage account failed at blob '{blob}': {cause}", exception);
    }
}
