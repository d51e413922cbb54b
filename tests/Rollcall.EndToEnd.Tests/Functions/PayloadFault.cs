namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>What a target does wrong with a payload.</summary>
enum PayloadFault
{
    /// <summary>Answers with status 500, and a whole body.</summary>
    Status500,

    /// <summary>Sends half of the body and drops the connection.</summary>
    CutBody,
}
