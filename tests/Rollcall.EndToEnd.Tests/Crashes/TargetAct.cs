namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>What a planned target does with one request.</summary>
enum TargetAct
{
    /// <summary>200 and the item's response, at once.</summary>
    Response,

    /// <summary>The same after a while.</summary>
    RespondLate,

    /// <summary>The same in pieces with gaps, as in the bug that loses large bodies.</summary>
    RespondInPieces,

    /// <summary>404 with a body: final, and no success.</summary>
    NotFound,

    /// <summary>200 with a JSON body that the batch's verdict does not accept: final, and no success.</summary>
    ErrorWithStatus200,

    /// <summary>429 with a short <c>Retry-After</c>.</summary>
    TooManyRequests,

    /// <summary>503 with a short <c>Retry-After</c>.</summary>
    Unavailable,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>200, and the connection is closed in the middle of the item's response.</summary>
    CutBody,

    /// <summary>The connection is reset before a response begins.</summary>
    Reset,
}
