namespace Rollcall.Sqlite.Encoding;

/// <summary>How a text field is written.</summary>
enum TextForm : byte
{
    None = 0,
    Utf8 = 1,
    Utf16 = 2,
}
