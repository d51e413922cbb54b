using Microsoft.AspNetCore.Http.Features;
using Rollcall.EndToEnd.Tests.Client;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Inputs that cannot be read, or from which nothing comes.</summary>
public sealed class RunInputTests : IDisposable
{
    readonly RunFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("/", "'/' is a folder")]
    [InlineData("/proc/self/mem", "The file '/proc/self/mem' cannot be read: Input/output error.")]
    [InlineData("no/such/file", "The file 'no/such/file' does not exist.")]
    public async Task Run_InputThatCannotBeRead_IsUsageAndLeavesNothing(string input, string expected)
    {
        var result = await CliProcess.RunAsync("run", input, "--to", "http://127.0.0.1:9/", "--out", folder.Output);

        result.RequireError(2, expected);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Run_InputThatMayNotBeRead_IsUsageAndLeavesNothing()
    {
        folder.WriteInput("1");
        File.SetUnixFileMode(folder.Input, UnixFileMode.None);
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);

        // Root may read everything.
        string script = Environment.IsPrivilegedProcess
            ? """exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@" """
            : """exec "$@" """;
        using var cli = CliProcess.StartShell(script, "sh", folder.Run("http://127.0.0.1:9/"));

        (await cli.WaitAsync()).RequireError(2, $"The file '{folder.Input}' cannot be read: Permission denied.");
        Assert.Equal([folder.Input], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Terminate)]
    public async Task Run_StandardInputFromWhichNothingComes_EndsAtTheFirstSignalAndLeavesNothing(int signal)
    {
        using var cli = CliProcess.StartShell(
            """exec env --default-signal=INT "$@" """,
            "sh",
            "run",
            "-",
            "--to",
            "http://127.0.0.1:9/",
            "--out",
            folder.Output);
        await Eventually.BeTrueAsync("the input is read", TimeSpan.FromSeconds(60), () => Task.FromResult(Directory.Exists(folder.State)));

        cli.SendSignal(signal);

        (await cli.WaitAsync()).RequireExit(3);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Run_PipeFromWhichNothingComes_EndsAtTheFirstSignal()
    {
        string pipe = Path.Combine(folder.Path, "pipe");
        using var cli = CliProcess.StartShell(
            """mkfifo "$0" && exec env --default-signal=INT "$@" """,
            pipe,
            "run",
            pipe,
            "--to",
            "http://127.0.0.1:9/",
            "--out",
            folder.Output);
        await Eventually.BeTrueAsync("the pipe is made", TimeSpan.FromSeconds(60), () => Task.FromResult(File.Exists(pipe)));

        // Opened when the other end is.
        using var idle = await Task.Run(
            () => File.OpenHandle(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite),
            TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        cli.Interrupt();

        (await cli.WaitAsync()).RequireExit(3);
        Assert.Equal([pipe], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Submit_StandardInputFromWhichNothingMoreComes_EndsAtTheFirstSignal()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            await context.Request.Body.CopyToAsync(Stream.Null);
            taken.SetResult();
        });
        using var cli = CliProcess.StartShell(
            """exec env --default-signal=INT "$@" """,
            "sh",
            "submit",
            "-",
            "--to",
            "http://127.0.0.1:9/",
            "--server",
            server.Url);

        // A part of the input and the start of another one.
        await cli.TypeAsync(new string(' ', 33 * 1024 * 1024));
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        cli.SendSignal(Signal.Terminate);

        (await cli.WaitAsync()).RequireExit(3);
    }

    [Theory]
    [InlineData("""run "$(printf 'a\377').jsonl" --to http://127.0.0.1:9/""")]
    [InlineData("""run items.jsonl --to http://127.0.0.1:9/ --out "$(printf '\300\257')" """)]
    [InlineData("""results b1 --server http://127.0.0.1:9 --out "$(printf 'a\377b')" """)]
    public async Task EveryCommand_NameThatIsNotUtf8_IsRefusedAndMakesNoFile(string arguments)
    {
        folder.WriteInput("1");
        using var cli = CliProcess.StartShell($"""cd "$0"; exec "$@" {arguments}""", folder.Path);

        (await cli.WaitAsync()).RequireError(2, "is not valid UTF-8");

        Assert.Equal([folder.Input], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Run_InAFolderWhoseNameIsNotUtf8_IsRefused()
    {
        folder.WriteInput("1");
        using var cli = CliProcess.StartShell(
            """cd "$0"; d="$(printf 'a\377')"; mkdir "$d"; cd "$d"; "$@"; code=$?; ls; cd ..; rmdir "$d"; exit $code""",
            folder.Path,
            "run",
            "../items.jsonl",
            "--to",
            "http://127.0.0.1:9/");

        (await cli.WaitAsync()).RequireError(2, "The name of the current folder");
    }
}
