using System.Text.Json;
using System.Text.Json.Serialization;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>The content of the file that names a state folder's batch.</summary>
/// <param name="Output">
/// Where the output goes: a full path, or <c>-</c>; null if it is not known, in a file of an earlier version.
/// </param>
/// <param name="Items">What decided which items the input has; null if it is not known.</param>
/// <param name="IsStream">Whether the output is a pipe or a device.</param>
/// <param name="OutputSha256">The SHA-256 of an output that is not the results as they are stored; null for one that is.</param>
/// <param name="Replaces">The stamp of the existing file that the run was told to replace; null if there was none.</param>
/// <param name="EarlierSha256">The <paramref name="OutputSha256"/> before that, which the output has until it is replaced.</param>
/// <param name="Input">The file of the items, a full path; null for standard input.</param>
/// <param name="Columns">The columns of the input, and the types of their values; null if it has none.</param>
sealed record RunStateFile(
    string BatchId,
    string? Output,
    InputOptions? Items,
    bool IsStream = false,
    string? OutputSha256 = null,
    string? Replaces = null,
    string? EarlierSha256 = null,
    string? Input = null,
    IReadOnlyList<CsvColumn>? Columns = null)
{
    /// <summary>The file's name.</summary>
    public const string Name = "rollcall-run.json";

    /// <summary>Reads the file.</summary>
    /// <exception cref="CliException">It is not such a file.</exception>
    public static async Task<RunStateFile> ReadAsync(string path)
    {
        await using var stream = File.OpenRead(path);
        try
        {
            return await JsonSerializer.DeserializeAsync(stream, RunningJson.Default.RunStateFile) is { BatchId: { } id } content
                && BatchManifest.IsValidId(id)
                ? content
                : throw new JsonException("It names no batch.");
        }
        catch (JsonException exception)
        {
            throw CliException.Usage($"'{path}' cannot be read ({exception.Message}). Use --fresh to start over.");
        }
    }

    /// <summary>Writes the file.</summary>
    /// <returns>A task that ends when it is durable.</returns>
    public Task WriteAsync(string path) =>
        DurableFile.WriteAsync(path, stream => JsonSerializer.SerializeAsync(stream, this, RunningJson.Default.RunStateFile));
}

/// <summary>Serializes the files that a run keeps beside its store.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunStateFile))]
sealed partial class RunningJson : JsonSerializerContext;
