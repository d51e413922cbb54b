namespace Rollcall.EndToEnd.Tests.Cli;

public sealed class VerifyTests
{
    const int ResponseBytes = 9_000;

    [Fact]
    public async Task Verify_OfResultsThatWereChanged_NamesTheLine()
    {
        await using var target = await GatedTarget.StartAsync(ResponseBytes);
        using var folder = new RunFolder(5);
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
        string receipt = Path.Combine(folder.State, "receipt.json");
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", receipt, "--items", folder.Input)).RequireExit(0);

        folder.WriteInput([.. Enumerable.Range(0, 5).Reverse().Select(RunFolder.Payload)]);
        var otherItems = await CliProcess.RunAsync("verify", folder.Output, "--receipt", receipt, "--items", folder.Input);
        otherItems.RequireExit(1);
        Assert.Contains("is not the batch's input", Assert.Single(otherItems.ErrorLines), StringComparison.Ordinal);

        string[] lines = await File.ReadAllLinesAsync(folder.Output, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(folder.Output, [.. lines[..2], .. lines[3..]], TestContext.Current.CancellationToken);
        var missing = await CliProcess.RunAsync("verify", folder.Output, "--receipt", receipt);
        missing.RequireExit(1);
        Assert.Equal(
            $"rollcall: {folder.Output}: Line 3 is of item 3: item 2 is missing, or out of order.",
            Assert.Single(missing.ErrorLines));

        string nothing = Path.Combine(folder.Path, "null.json");
        await File.WriteAllTextAsync(nothing, "null", TestContext.Current.CancellationToken);
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", nothing)).RequireError(2, "is not a receipt");

        var noReceipt = await CliProcess.RunAsync("verify", folder.Output, "--receipt", folder.Input);
        noReceipt.RequireExit(2);
        Assert.Contains("is not a receipt", Assert.Single(noReceipt.ErrorLines), StringComparison.Ordinal);
    }
}
