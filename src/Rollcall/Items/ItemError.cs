using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Items;

/// <summary>A named failure of one item.</summary>
/// <param name="Code">The kind of failure, for programs.</param>
/// <param name="Message">One sentence for people, at most <see cref="MaxMessageLength"/> characters.</param>
public sealed record ItemError(ItemErrorCode Code, string Message)
{
    /// <summary>The longest message that is kept, in characters.</summary>
    public const int MaxMessageLength = 1000;

    /// <summary>Makes an error and cuts its message to <see cref="MaxMessageLength"/>.</summary>
    public static ItemError Of(ItemErrorCode code, string message) =>
        new(code, message.Length <= MaxMessageLength ? message : message[..MaxMessageLength]);
}

/// <summary>Why an item has no successful response. JSON has the names in kebab case, such as <c>body-incomplete</c>.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<ItemErrorCode>))]
public enum ItemErrorCode
{
    /// <summary>The complete response was read, and its status is not one of a success: by default, not 2xx.</summary>
    HttpStatus,

    /// <summary>The complete response was read, and a condition of the batch says that it is not a success.</summary>
    Verdict,

    /// <summary>The response was not complete within the time limit of one attempt.</summary>
    Timeout,

    /// <summary>No connection to the target could be made, so it did not get the request.</summary>
    Connect,

    /// <summary>
    /// The connection ended, or failed, before there was a response. The target may have processed the request.
    /// </summary>
    NoResponse,

    /// <summary>The target's host name could not be resolved.</summary>
    Dns,

    /// <summary>TLS failed: an alert, or a certificate that is not trusted.</summary>
    Tls,

    /// <summary>The body did not end where its headers say, or they do not say where. The part that arrived is not a response.</summary>
    BodyIncomplete,

    /// <summary>The body is larger than the batch's <c>maxBodyBytes</c>.</summary>
    BodyTooLarge,

    /// <summary>The body's content coding (gzip, br, deflate) could not be decoded.</summary>
    Decode,

    /// <summary>The head of the response, with all its headers, is larger than the sender accepts.</summary>
    HeadersTooLarge,

    /// <summary>The target responded with a redirect that the batch's options do not allow.</summary>
    Redirect,

    /// <summary>This installation does not send to the target's address.</summary>
    TargetRefused,

    /// <summary>
    /// The item's stored payload or id is not what was accepted: its bytes were changed or lost since. A damaged payload is never sent. If
    /// an item was sent before its id was damaged, the response is kept.
    /// </summary>
    InputDamaged,

    /// <summary>The platform that runs the item failed, not the target: for example, a worker process was lost.</summary>
    Platform,

    /// <summary>The batch was cancelled, or failed as a whole, before the item was sent.</summary>
    Cancelled,

    /// <summary>The batch's deadline passed before the item was sent.</summary>
    Expired,
}
