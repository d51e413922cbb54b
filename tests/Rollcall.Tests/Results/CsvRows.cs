using System.Text;

namespace Rollcall.Tests.Results;

/// <summary>Reads CSV as RFC 4180 has it and nothing else, so that it finds what a lenient reader passes over.</summary>
static class CsvRows
{
    public static List<string[]> Parse(string csv)
    {
        var rows = new List<string[]>();
        var fields = new List<string>();
        int at = 0;
        while (at < csv.Length)
        {
            fields.Add(csv[at] == '"' ? TakeQuoted(csv, ref at) : TakePlain(csv, ref at));
            if (csv[at] == ',')
            {
                at++;
                continue;
            }

            Assert.Equal("\r\n", csv.Substring(at, 2));
            at += 2;
            rows.Add([.. fields]);
            fields.Clear();
        }

        Assert.Empty(fields);
        return rows;
    }

    static string TakePlain(string csv, ref int at)
    {
        int length = csv.AsSpan(at).IndexOfAny(",\"\r\n");
        string field = csv.Substring(at, length);
        at += length;
        return field;
    }

    static string TakeQuoted(string csv, ref int at)
    {
        var field = new StringBuilder();
        while (true)
        {
            int end = csv.IndexOf('"', at + 1);
            field.Append(csv, at + 1, end - at - 1);
            at = end + 1;
            if (csv[at] != '"')
            {
                return field.ToString();
            }

            field.Append('"');
        }
    }
}
