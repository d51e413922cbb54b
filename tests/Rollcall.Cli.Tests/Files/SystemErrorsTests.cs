using Rollcall.Cli.Files;

namespace Rollcall.Cli.Tests.Files;

/// <summary>What the failures of each operating system mean: errno.h of Linux and macOS, winerror.h of Windows.</summary>
public sealed class SystemErrorsTests
{
    const int SharingViolation = unchecked((int)0x80070020);

    static readonly Dictionary<string, SystemErrors> Systems = new(StringComparer.Ordinal)
    {
        ["linux"] = SystemErrors.Linux,
        ["macos"] = SystemErrors.MacOS,
        ["windows"] = SystemErrors.Windows,
    };

    [Theory]
    [InlineData("linux", 28)]
    [InlineData("linux", 122)]
    [InlineData("macos", 28)]
    [InlineData("macos", 69)]
    [InlineData("windows", unchecked((int)0x80070070))]
    [InlineData("windows", unchecked((int)0x80070027))]
    [InlineData("windows", unchecked((int)0x8007050F))]
    public void DiskOrQuotaWithoutRoom_OfEachSystem_IsKnown(string system, int error) =>
        Assert.True(Systems[system].IsNoRoom(new IOException("", error)), $"{error} is not known.");

    [Theory]
    [InlineData("linux", 69)]
    [InlineData("macos", 122)]
    [InlineData("windows", 28)]
    [InlineData("windows", SharingViolation)]
    public void OtherFailure_OfEachSystem_IsNotTakenForADiskWithoutRoom(string system, int error) =>
        Assert.False(Systems[system].IsNoRoom(new IOException("", error)), $"{error} is something else.");

    [Theory]
    [InlineData("linux", 11)]
    [InlineData("macos", 35)]
    [InlineData("windows", SharingViolation)]
    public void FileOfAnotherProcess_OfEachSystem_IsLocked(string system, int error) =>
        Assert.True(Systems[system].IsLocked(new IOException("", error)), $"{error} is not known.");

    [Theory]
    [InlineData("linux", true)]
    [InlineData("macos", true)]
    [InlineData("windows", false)]
    public void BrokenPipe_OfEachSystem_IsTheReadersEndWhereItIsAFailure(string system, bool expected) =>
        Assert.Equal(expected, Systems[system].IsReaderGone(new IOException("", 32)));

    [Fact]
    public void OrdinaryFailure_WithoutANumber_IsNoneOfThem()
    {
        foreach (var system in Systems.Values)
        {
            var failure = new InvalidOperationException();
            Assert.False(system.IsReaderGone(failure) || system.IsNoRoom(new IOException("")) || system.IsLocked(new IOException("")));
        }
    }

    [Fact]
    public void FullDevice_OfThisSystem_IsKnown()
    {
        var failure = Assert.Throws<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write([1]);
        });
        Assert.True(SystemErrors.Current.IsNoRoom(failure), $"{failure.HResult}: {failure.Message}");
    }
}
