using System.Text.Json;
using System.Text.Json.Serialization;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>The content of the file that names a state folder's batch.</summary>
/// <param name="Output">
/// Where its output goes: a full path, or <c>-</c>; null where it is not known, in a file of an earlier version.
/// </param>
/// <param name="Lines">What a line of its input is; null where it is not known.</param>
/// <param name="IsStream">Whether that is a pipe or a device, which keeps nothing.</param>
/// <param name="Replaces">The stamp of the file that was there and that the run was told to replace; null where there was none.</param>
sealed record RunStateFile(string BatchId, string? Output, LineFormat? Lines, bool IsStream = false, string? Replaces = null)
{
    /// <summary>The file's name.</summary>
    public const string Name = "rollcall-run.json";

    /// <summary>Reads the file.</summary>
    /// <exception cref="CliException">It is of something else.</exception>
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
            throw CliException.Usage($"'{path}' cannot be read ({exception.Message}). Use --fresh to begin anew.");
        }
    }

    /// <summary>Writes the file.</summary>
    /// <returns>A task that ends when it is durable.</returns>
    public Task WriteAsync(string path) =>
        DurableFile.WriteAsync(path, stream => JsonSerializer.SerializeAsync(stream, this, RunningJson.Default.RunStateFile));
}

/// <summary>What a run keeps beside its store.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunStateFile))]
sealed partial class RunningJson : JsonSerializerContext;
