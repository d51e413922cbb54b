using System.Globalization;
using Rollcall.FunctionsHost;

if (args is not [var folder, var portText] || !ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
{
    await Console.Error.WriteLineAsync(
        "usage: dotnet run --project tests/Rollcall.FunctionsHost -- <app output folder> <port, or 0 for a free one>");
    return 2;
}

try
{
    await FunctionsHost.RunAsync(AppFolder.Open(folder), port);
    return 0;
}
catch (HostException exception)
{
    await Console.Error.WriteLineAsync($"error: {exception.Message}");
    return 1;
}
