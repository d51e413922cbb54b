using System.Text;
using CsCheck;
using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class TextCheckTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("text\r\n\tand\b\f", true)]
    [InlineData("a long line of a log with one \u001b[31m colour in it, and another \u001b[0m at its end: that stays text", true)]
    [InlineData("\0", false)]
    [InlineData("a\0b\0c\0d\0", false)]
    [InlineData("\u001b\u001b\u001b", false)]
    public void Body_OfControlCharacters_IsTextIfThatIsShorter(string body, bool isText) =>
        Assert.Equal(isText, IsText(Encoding.UTF8.GetBytes(body), 3));

    [Fact]
    public void Body_OfAnyText_IsInTheShorterForm()
    {
        var character = Gen.Int[0, 20].Select(i => i switch { 0 => '\0', 1 => '\u001b', 2 => '\n', _ => 'x' });
        Gen.Select(character.Array[0, 100], Gen.Int[1, 9]).Sample((text, piece) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            int escaped = bytes.Length + (5 * text.Count(c => c < ' ' && c != '\n'));
            return IsText(bytes, piece) == (escaped <= Convert.ToBase64String(bytes).Length);
        });
    }

    static bool IsText(byte[] bytes, int piece)
    {
        var check = default(TextCheck);
        foreach (byte[] part in bytes.Chunk(piece))
        {
            check.Append(part);
        }

        return check.IsText;
    }
}
