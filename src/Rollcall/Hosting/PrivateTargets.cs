namespace Rollcall.Hosting;

/// <summary>Whether batches may be sent to addresses that are not public: private, loopback, link-local and reserved ones.</summary>
public enum PrivateTargets
{
    /// <summary>They may not: who may start a batch could otherwise reach what only the host may.</summary>
    Refuse,

    /// <summary>They may.</summary>
    Allow,
}
