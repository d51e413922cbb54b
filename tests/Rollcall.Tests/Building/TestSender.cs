using System.Collections.Concurrent;
using System.Text;
using Rollcall.Batches;
using Rollcall.Credentials;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Tests.Building;

/// <summary>Sends single items, by default once and with enough time.</summary>
sealed class TestSender : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly FileBatchStore files;
    readonly IBatchStore store;
    readonly HttpClient client;
    readonly ItemSender sender;

    public TestSender(
        TimeProvider? time = null,
        Func<Stream, Stream>? bodyHook = null,
        HttpClient? client = null,
        SendRulesLookup? rules = null,
        ISlotLedger? slots = null,
        ActivityLimit? limit = null,
        LocalShortage? shortage = null,
        BatchTelemetry? telemetry = null,
        TokenSource? command = null)
    {
        files = new FileBatchStore(folder.Path);
        store = bodyHook is null ? files : new HookedBatchStore(files, bodyHook);
        this.client = client ?? SenderHttp.CreateClient();
        string? FindSecret(string name, Uri url) => url.Authority == BoundTo || BoundTo is null ? Secrets.GetValueOrDefault(name) : null;
        var lookups = new SecretLookups(FindSecret, (_, _) => null, (_, _) => true);
        sender = new ItemSender(
            this.client,
            store,
            FindSecret,
            time ?? TimeProvider.System,
            () => 0.5,
            rules,
            slots,
            limit,
            shortage,
            telemetry,
            new TokenCaches(this.client, lookups, time ?? TimeProvider.System, command),
            (_, reason) =>
            {
                Pauses.Add(reason);
                return Task.CompletedTask;
            });
    }

    /// <summary>Why batches were paused.</summary>
    public ConcurrentBag<string> Pauses { get; } = [];

    /// <summary>Where the bearer token comes from.</summary>
    public TargetAuth? Auth { get; set; }

    public bool PauseOnRefusal { get; set; } = true;

    public VerdictOptions Verdict { get; set; } = new();

    public RecordOptions Record { get; set; } = new();

    public Dictionary<string, TargetHeader> Headers { get; } = [];

    public string? Method { get; set; }

    public TargetTls? Tls { get; set; }

    /// <summary>What the items' requests have of their own.</summary>
    public RequestHead? Head { get; set; }

    public Dictionary<string, string> Secrets { get; } = [];

    /// <summary>The host and port that all secrets are bound to; null for all.</summary>
    public string? BoundTo { get; set; }

    public double TimeoutSeconds { get; set; } = 60;

    public long MaxBodyBytes { get; set; } = 100_000_000;

    public int MaxAttempts { get; set; } = 1;

    public double? RatePerSecond { get; set; }

    public bool FollowRedirects { get; set; }

    public bool KeepAlive { get; set; } = true;

    public bool RetryOnTimeout { get; set; } = true;

    /// <summary>How long an item that is refused is sent again, in seconds; 0 unless a test is about it.</summary>
    public double MaxWaitSeconds { get; set; }

    /// <summary>A sender that trusts one certificate, and is otherwise like any other.</summary>
    public static TestSender Trusting(string? certificateHash, Func<Stream, Stream>? bodyHook = null, AddressCheck? addresses = null)
    {
        var handler = SenderHttp.CreateHandler(addresses);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate?.GetCertHashString() == certificateHash;
        return new TestSender(bodyHook: bodyHook, client: SenderHttp.CreateClient(handler));
    }

    public Task<ItemOutcome> SendAsync(string url, string payload = "{}", long index = 0) =>
        SendAsync(url, Encoding.UTF8.GetBytes(payload), index);

    public async Task<ItemOutcome> SendAsync(string url, byte[] payload, long index = 0) =>
        (await TrySendAsync(url, payload, index)).Outcome;

    public Task<SendResult> TrySendAsync(string url, byte[] payload, long index = 0, IReadOnlyList<Attempt>? earlier = null)
    {
        var manifest = TestBatch.ManifestOf(items: index + 1) with
        {
            Target = new BatchTarget(url, Headers) { Method = Method, Auth = Auth, Tls = Tls },
            Options = new BatchOptions
            {
                RatePerSecond = RatePerSecond,
                TimeoutSeconds = TimeoutSeconds,
                MaxBodyBytes = MaxBodyBytes,
                FollowRedirects = FollowRedirects,
                KeepAlive = KeepAlive,
                PauseOnRefusal = PauseOnRefusal,
                Verdict = Verdict,
                Record = Record,
                Retry = new RetryOptions
                {
                    MaxAttempts = MaxAttempts,
                    MaxWaitSeconds = MaxWaitSeconds,
                    FirstDelaySeconds = 0,
                    OnTimeout = RetryOnTimeout,
                },
            },
        };
        return sender.SendAsync(new Posting(manifest, Shard: 0, index, new BatchItem(null, payload) { Head = Head }), earlier ?? []);
    }

    /// <summary>The body of an outcome, inline or stored.</summary>
    public async Task<byte[]> BodyOfAsync(ItemOutcome outcome)
    {
        var body = outcome.Body ?? throw new InvalidOperationException($"The outcome has no body; its error is {outcome.Error}.");
        if (body.StoredName is null)
        {
            return body.Text is null ? Convert.FromBase64String(body.Base64!) : Encoding.UTF8.GetBytes(body.Text);
        }

        await using var stream = await store.FindBodyAsync(TestBatch.Id, 0, body.StoredName, TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException("The outcome's body is not in the store.");
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
        return copy.ToArray();
    }

    /// <summary>Requires that an outcome has exactly these bytes, with their length and hash.</summary>
    public async Task AssertBodyAsync(byte[] expected, ItemOutcome outcome)
    {
        byte[] actual = await BodyOfAsync(outcome);
        Assert.True(
            expected.AsSpan().SequenceEqual(actual),
            $"The body has {actual.Length} bytes for {expected.Length}, and differs from byte "
            + $"{expected.AsSpan().CommonPrefixLength(actual)} on.");
        Assert.Equal(expected.Length, outcome.Body!.Bytes);
        Assert.Equal(TestOutcome.Sha256Of(expected), outcome.Body.Sha256);
    }

    public static void AssertFailed(ItemErrorCode code, ItemOutcome outcome)
    {
        Assert.True(outcome.Error?.Code == code, $"{code} was expected, and the outcome is {outcome}.");
        Assert.Equal(OutcomeStatus.Failed, outcome.Status);
    }

    public static void AssertSucceeded(ItemOutcome outcome) =>
        Assert.True(outcome is { Status: OutcomeStatus.Succeeded, Error: null }, $"A success was expected, and the outcome is {outcome}.");

    public void Dispose()
    {
        client.Dispose();
        files.Dispose();
        folder.Dispose();
    }
}
