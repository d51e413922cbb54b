using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Rollcall.Tests.Api;

/// <summary>The limits that Kestrel sets on a request and its response unless a handler lifts them.</summary>
sealed class TestLimits : IHttpMaxRequestBodySizeFeature, IHttpMinRequestBodyDataRateFeature, IHttpMinResponseDataRateFeature
{
    static readonly MinDataRate Usual = new(240, TimeSpan.FromSeconds(5));

    public MinDataRate? RequestRate { get; private set; } = Usual;

    public MinDataRate? ResponseRate { get; private set; } = Usual;

    public long? MaxRequestBodySize { get; set; } = 30_000_000;

    public bool IsReadOnly => false;

    MinDataRate? IHttpMinRequestBodyDataRateFeature.MinDataRate
    {
        get => RequestRate;
        set => RequestRate = value;
    }

    MinDataRate? IHttpMinResponseDataRateFeature.MinDataRate
    {
        get => ResponseRate;
        set => ResponseRate = value;
    }

    public void AddTo(IFeatureCollection features)
    {
        features.Set<IHttpMaxRequestBodySizeFeature>(this);
        features.Set<IHttpMinRequestBodyDataRateFeature>(this);
        features.Set<IHttpMinResponseDataRateFeature>(this);
    }
}
