using Fluid.Ast;
using Rollcall.Validation;

namespace Rollcall.Templates;

/// <summary>Requires that a template uses only filters whose result is about as long as what they are given.</summary>
sealed class AllowedFilters : AstVisitor
{
    // Without those that replace or join: a few of them in a row make any amount of text, which a server must not make for a stranger.
    static readonly string[] Names =
    [
        "abs", "append", "at_least", "at_most", "base64_decode", "base64_encode", "base64_url_safe_decode", "base64_url_safe_encode",
        "capitalize", "ceil", "date", "default", "divided_by", "downcase", "escape", "first", "floor", "json", "last", "lstrip", "md5",
        "minus", "modulo", "plus", "prepend", "raw", "remove", "remove_first", "round", "rstrip", "sha1", "sha256", "size", "slice",
        "strip", "strip_html", "strip_newlines", "times", "truncate", "upcase", "url_decode", "url_encode",
    ];

    /// <exception cref="TemplateException">Another filter is used.</exception>
    protected override Expression VisitFilterExpression(FilterExpression filterExpression) =>
        Names.Contains(filterExpression.Name, StringComparer.Ordinal)
            ? base.VisitFilterExpression(filterExpression)
            : throw new TemplateException(
                $"has the filter \"{filterExpression.Name}\", which {NearName.Describe(filterExpression.Name, Names)}");
}
