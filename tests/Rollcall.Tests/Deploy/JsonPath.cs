using System.Text.Json;

namespace Rollcall.Tests.Deploy;

static class JsonPath
{
    /// <summary>The value at the end of a path of properties.</summary>
    public static JsonElement At(this JsonElement element, params IEnumerable<string> path) =>
        path.Aggregate(element, (at, name) => at.GetProperty(name));
}
