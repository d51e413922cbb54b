using Google.Protobuf;
using Newtonsoft.Json;

namespace Rollcall.FunctionsHost.Functions;

/// <summary>Values as the protocol carries them.</summary>
static class TypedDataConverter
{
    // Text that looks like a date stays the text that it is.
    static readonly JsonSerializerSettings Raw = new()
    {
        DateParseHandling = DateParseHandling.None,
        FloatParseHandling = FloatParseHandling.Double,
    };

    public static TypedData ToRpc(object? value) => value switch
    {
        null => new TypedData(),
        string text => new TypedData { String = text },
        byte[] bytes => new TypedData { Bytes = ByteString.CopyFrom(bytes) },
        _ => new TypedData { Json = JsonConvert.SerializeObject(value, Formatting.None) },
    };

    public static object? FromRpc(TypedData? data) => data?.DataCase switch
    {
        TypedData.DataOneofCase.String => data.String,
        TypedData.DataOneofCase.Json => JsonConvert.DeserializeObject(data.Json, Raw),
        TypedData.DataOneofCase.Bytes => data.Bytes.ToByteArray(),
        TypedData.DataOneofCase.Stream => data.Stream.ToByteArray(),
        TypedData.DataOneofCase.Int => data.Int,
        TypedData.DataOneofCase.Double => data.Double,
        _ => null,
    };
}
