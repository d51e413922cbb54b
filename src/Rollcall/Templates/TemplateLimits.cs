using System.Globalization;
using System.Text;

namespace Rollcall.Templates;

/// <summary>What a template may be like, so that no template can use up a server's stack or memory.</summary>
static class TemplateLimits
{
    /// <summary>The longest template, in characters.</summary>
    public const int MaxLength = 256 * 1024;

    // The library reads and runs both by recursion.
    const int MostFilters = 20;
    const int MostIndexes = 20;

    /// <summary>Requires that a template is within the limits.</summary>
    /// <exception cref="TemplateException">It is not.</exception>
    public static void Require(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new TemplateException($"is longer than {MaxLength} characters.");
        }

        bool isOutput = false;
        int filters = 0;
        int indexes = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (string.CompareOrdinal(text, i, isOutput ? "}}" : "{{", 0, 2) == 0)
            {
                (isOutput, filters, indexes) = (!isOutput, 0, 0);
                i++;
            }
            else if (isOutput)
            {
                filters += text[i] == '|' ? 1 : 0;
                indexes += text[i] == '[' ? 1 : 0;
            }

            if (filters > MostFilters || indexes > MostIndexes)
            {
                throw new TemplateException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"has more than {MostFilters} filters or {MostIndexes} indexes in one {{{{…}}}}."));
            }
        }
    }
}

/// <summary>Takes the text that a template makes, up to the largest that can be sent.</summary>
/// <param name="most">The most characters.</param>
sealed class BoundedWriter(int most) : StringWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        Require(1);
        base.Write(value);
    }

    public override void Write(string? value)
    {
        Require(value?.Length ?? 0);
        base.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        Require(count);
        base.Write(buffer, index, count);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Require(buffer.Length);
        base.Write(buffer);
    }

    void Require(int more)
    {
        if (GetStringBuilder().Length + more > most)
        {
            throw new TemplateException(string.Create(CultureInfo.InvariantCulture, $"makes more than {most} characters."));
        }
    }
}
