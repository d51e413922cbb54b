namespace Rollcall.Intake;

/// <summary>The spelling of <see cref="LineFormat"/> in requests.</summary>
static class LineFormats
{
    public const string Allowed = "'payload' and 'items'";

    /// <summary>Reads a format.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The format, or null where the text is none.</returns>
    public static LineFormat? Parse(string text) => text switch
    {
        "payload" => LineFormat.Payload,
        "items" => LineFormat.Items,
        _ => null,
    };
}
