using Rollcall.Cli;
using Rollcall.Cli.Files;
using Rollcall.EndToEnd.Tests.Client;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Files at the output of any command, and beside it.</summary>
public sealed class OutputTargetTests : IDisposable
{
    readonly RunFolder folder = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_OfTwoToOneOutput_KeepsTheFirstAndRefusesTheSecond(bool isReplacing)
    {
        if (isReplacing)
        {
            await File.WriteAllTextAsync(folder.Output, "old", Cancelled);
        }

        var first = OutputTarget.Open(folder.Output);
        var second = OutputTarget.Open(folder.Output);

        await WriteAsync(first, "first");
        var refusal = await Assert.ThrowsAsync<CliException>(() => WriteAsync(second, "second"));

        Assert.Equal(ExitCode.NotFinished, refusal.ExitCode);
        Assert.EndsWith("in the meantime; it was not replaced. Advice.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("first", await File.ReadAllTextAsync(folder.Output, Cancelled));
        Assert.Equal([folder.Output], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_OfManyToOneOutputAtOnce_IsOfOneAndTheOthersAreRefused(bool isReplacing)
    {
        for (int round = 0; round < 20; round++)
        {
            File.Delete(folder.Output);
            if (isReplacing)
            {
                await File.WriteAllTextAsync(folder.Output, "old", Cancelled);
            }

            var targets = Enumerable.Range(0, 8).Select(_ => OutputTarget.Open(folder.Output)).ToList();
            bool[] written = await Task.WhenAll(targets.Select((target, number) => Task.Run(async () =>
            {
                try
                {
                    await WriteAsync(target, $"{number}");
                    return true;
                }
                catch (CliException)
                {
                    return false;
                }
            })));

            Assert.Equal(1, written.Count(isWritten => isWritten));
            Assert.Equal($"{Array.IndexOf(written, true)}", await File.ReadAllTextAsync(folder.Output, Cancelled));
        }
    }

    [Fact]
    public async Task Write_ThatFails_LeavesTheOldContentAndNothingBesideIt()
    {
        await File.WriteAllTextAsync(folder.Output, "old", Cancelled);

        await Assert.ThrowsAsync<IOException>(() => OutputTarget.Open(folder.Output).WriteAsync(
            async stream =>
            {
                await stream.WriteAsync(new byte[200_000], Cancelled);
                throw new IOException("The disk is full.");
            },
            "",
            Cancelled));

        Assert.Equal("old", await File.ReadAllTextAsync(folder.Output, Cancelled));
        Assert.Equal([folder.Output], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Write_BesideFilesAndLinksOfEveryNameOfOld_TouchesNone()
    {
        string other = Path.Combine(folder.Path, "other");
        await File.WriteAllTextAsync(other, "mine", Cancelled);
        File.CreateSymbolicLink(folder.Output + ".tmp", other);

        await WriteAsync(OutputTarget.Open(folder.Output), "new");

        Assert.Equal(
            ("mine", "new"),
            (await File.ReadAllTextAsync(other, Cancelled), await File.ReadAllTextAsync(folder.Output, Cancelled)));
        Assert.Equal(other, new FileInfo(folder.Output + ".tmp").LinkTarget);
    }

    [Fact]
    public async Task Write_UnderALongName_HasRoomForIt()
    {
        string path = Path.Combine(folder.Path, new string('x', 255));

        await WriteAsync(OutputTarget.Open(path), "new");

        Assert.Equal("new", await File.ReadAllTextAsync(path, Cancelled));
    }

    [Fact]
    public async Task Write_ThroughLinksOfFoldersAndFiles_ReplacesTheLastFile()
    {
        string far = Directory.CreateDirectory(Path.Combine(folder.Path, "far", "deep")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "near"), far);
        File.CreateSymbolicLink(Path.Combine(far, "second"), "../last");
        File.CreateSymbolicLink(folder.Output, "near/second");

        await WriteAsync(OutputTarget.Open(folder.Output), "new");

        Assert.Equal("new", await File.ReadAllTextAsync(Path.Combine(folder.Path, "far", "last"), Cancelled));
        Assert.Equal("../last", new FileInfo(Path.Combine(far, "second")).LinkTarget);
    }

    [Fact]
    public void Open_LinkThatLeadsToItself_IsUsage()
    {
        File.CreateSymbolicLink(folder.Output, folder.Output);

        Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => OutputTarget.Open(folder.Output)).ExitCode);
    }

    [Fact]
    public void Open_Socket_IsUsage()
    {
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(folder.Output));

        Assert.Contains(
            "is a disk or a socket",
            Assert.Throws<CliException>(() => OutputTarget.Open(folder.Output)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResultsAndReceipt_ToADeviceALinkOrStandardOutput_WriteToIt()
    {
        using var server = await LocalServer.StartAsync();
        await using var target = await GatedTarget.StartAsync(responseBytes: 200);
        folder.WriteInput("1", "2");
        string id = await server.SubmitAsync(folder.Input, target.Url);
        (await server.RunAsync("watch", id)).RequireExit(0);
        string device = Path.Combine(folder.Path, "device");
        string link = Path.Combine(folder.Path, "link");
        File.CreateSymbolicLink(device, "/dev/null");
        File.CreateSymbolicLink(link, folder.Output);

        foreach (string command in new[] { "results", "receipt" })
        {
            (await server.RunAsync(command, id, "-o", device)).RequireExit(0);
            (await server.RunAsync(command, id, "-o", link)).RequireExit(0);
            var shown = await server.RunAsync(command, id, "-o", "-");
            shown.RequireExit(0);
            Assert.Equal(shown.Output.TrimEnd(), (await File.ReadAllTextAsync(folder.Output, Cancelled)).TrimEnd());
            Assert.Equal(("/dev/null", folder.Output), (new FileInfo(device).LinkTarget, new FileInfo(link).LinkTarget));
        }

        Assert.DoesNotContain(
            Directory.GetFileSystemEntries(server.StateFolder, "*", SearchOption.AllDirectories).Append(server.StateFolder),
            path => (File.GetUnixFileMode(path) & (UnixFileMode)0b000_111_111) != 0);
        Assert.False(File.Exists("-"), "A file is called -.");
    }

    static Task WriteAsync(OutputTarget target, string content) =>
        target.WriteAsync(stream => stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(content)).AsTask(), " Advice.", Cancelled);
}
