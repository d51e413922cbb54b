using System.CommandLine;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Templates;

namespace Rollcall.Cli.Commands;

/// <summary>The options that say what request is made of an item.</summary>
/// <param name="only">The one method of the command's requests, which have no body; null for any.</param>
sealed class RequestOptions(string? only = null)
{
    const string TextType = "text/plain; charset=utf-8";

    readonly Option<string?> method = new("--method", "-X")
    {
        Description = "The method: GET, POST, PUT, PATCH, DELETE or another (default: POST, and GET for a list of URLs).",
        HelpName = "METHOD",
    };

    readonly Option<string[]> query = new("--query")
    {
        Description = "A query parameter, 'name=value', added to the URL. May be repeated.",
        HelpName = "NAME=VALUE",
        DefaultValueFactory = _ => [],
    };

    readonly Option<string?> body = new("--body")
    {
        Description = "The body of each request: JSON, unless --text or --content-type says otherwise (default: the item as it is).",
        HelpName = "TEMPLATE",
    };

    readonly Option<string?> bodyFile = new("--body-file") { Description = "A file with the template of the body.", HelpName = "FILE" };

    readonly Option<string[]> form = new("--form", "-F")
    {
        Description =
            "A field of a form, 'name=value', or 'name=@path' for a file. May be repeated. The form is the body: multipart/form-data if "
            + "it has a file, and application/x-www-form-urlencoded otherwise.",
        HelpName = "NAME=VALUE",
        DefaultValueFactory = _ => [],
    };

    readonly Option<bool> text = new("--text") { Description = "The body is text, not JSON." };

    readonly Option<string?> contentType = new("--content-type")
    {
        Description = "The media type of the body. With a JSON type, it must be JSON.",
        HelpName = "TYPE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options = only is null ? [method, query, body, bodyFile, form, text, contentType] : [query];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What request is made, without the headers that are the same for all.</summary>
    /// <param name="url">The URL, or its template.</param>
    /// <param name="headers">The templates of headers, by name.</param>
    /// <param name="readFile">Reads a file of a form; null if none can be sent.</param>
    /// <exception cref="CliException">The options cannot be used.</exception>
    public BatchTarget Read(ParseResult parsed, string url, IEnumerable<NamedTemplate> headers, Func<string, byte[]>? readFile)
    {
        string? verb = only ?? parsed.GetValue(method);
        if (verb is not null && RequestTemplate.FindMethodError(verb) is { } error)
        {
            throw CliException.Usage($"--method {error}");
        }

        string? content = ReadBody(parsed);
        var fields = (parsed.GetValue(form) ?? []).Select(field => ReadPair(field, "--form")).ToList();
        if (content is not null && fields.Count > 0)
        {
            throw CliException.Usage("--form and a body are both given: a form is the body, so leave one of them out.");
        }

        string? type = parsed.GetValue(contentType) ?? (parsed.GetValue(text) ? TextType : null);
        if (type is not null && content is null)
        {
            throw CliException.Usage("--text and --content-type describe the body of --body or --body-file, and there is none.");
        }

        if (type is not null && BatchTarget.FindHeaderError("Content-Type", type) is { } typeError)
        {
            throw CliException.Usage($"--content-type: {typeError}");
        }

        var template = new TargetTemplate
        {
            Query = [.. parsed.GetRequiredValue(query).Select(parameter => ReadPair(parameter, "--query"))],
            Headers = [.. headers],
            Body = content,
            ContentType = type,
            Form = fields,
        };
        bool isEmpty = template is { Body: null, Query.Count: 0, Headers.Count: 0, Form.Count: 0 };
        var target = new BatchTarget(url, new Dictionary<string, TargetHeader>())
        {
            Method = verb,
            HasBody = verb is null || RequestTemplate.HasBody(verb),
            Template = isEmpty ? null : template,
        };
        Require(target, readFile);
        return target;
    }

    // All of it now, before the input is opened.
    static void Require(BatchTarget target, Func<string, byte[]>? readFile)
    {
        var parts = target.Template ?? new TargetTemplate();
        string?[] stored = [target.Url, parts.Body, .. parts.Query.Concat(parts.Form).Select(part => part.Value)];
        if (stored.Any(text => text is not null && HeaderTexts.NamesVariable(text)))
        {
            throw CliException.Usage(
                "An environment variable can stand in a header only: what is in a URL or a body is stored with each item.");
        }

        if (target.Url.Length > 0 && !TextTemplate.IsOne(target.Url) && BatchTarget.FindUrlError(target.Url) is { } error)
        {
            throw CliException.Usage($"--to: {error}");
        }

        try
        {
            _ = RequestTemplate.Of(target, readFile);
        }
        catch (TemplateException exception)
        {
            throw CliException.Usage(exception.Message);
        }
    }

    string? ReadBody(ParseResult parsed)
    {
        if (parsed.GetValue(bodyFile) is not { } path)
        {
            return parsed.GetValue(body);
        }

        if (parsed.GetValue(body) is not null)
        {
            throw CliException.Usage("--body and --body-file are both given: one of them is the body.");
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"--body-file: the file '{path}' cannot be read: {Failures.ReasonOf(exception)}.");
        }
    }

    static NamedTemplate ReadPair(string text, string option)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        return sign < 1
            ? throw CliException.Usage($"{option} must be 'name=value'; one has no name or no '='.")
            : new NamedTemplate(text[..sign], text[(sign + 1)..]);
    }
}
