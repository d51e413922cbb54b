namespace Rollcall.Notices;

/// <summary>Puts a message on a queue of the app's own storage account, which is made where it is missing.</summary>
/// <param name="queue">The queue's name.</param>
/// <param name="message">The message's text.</param>
/// <param name="cancellationToken">Stops the sending.</param>
/// <returns>A task that ends when the message is on the queue.</returns>
/// <exception cref="IOException">The storage account failed, or refused.</exception>
public delegate Task QueueSend(string queue, string message, CancellationToken cancellationToken);
