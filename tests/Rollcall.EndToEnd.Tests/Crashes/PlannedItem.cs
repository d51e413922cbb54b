using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>
/// An item and what the target does with each request of it: the acts in order, and the last one from then on. All but the last are such
/// that the item is sent again, and fewer than <see cref="MaxAttempts"/> of them are counted as attempts. So the outcome is that of the
/// last act however the attempts are spread over processes that are killed, and can be computed without running anything.
/// </summary>
/// <param name="Number">The item's index.</param>
/// <param name="Seed">The plan's seed, so that a response of another run is not taken for one of this run.</param>
/// <param name="Acts">The acts.</param>
/// <param name="ResponseBytes">The length of its response.</param>
/// <param name="IsBinary">Whether its response is not UTF-8.</param>
sealed record PlannedItem(int Number, int Seed, IReadOnlyList<TargetAct> Acts, int ResponseBytes, bool IsBinary)
{
    /// <summary>How often an item is sent at most by a process that is not killed, without the requests that are refused.</summary>
    public const int MaxAttempts = 3;

    /// <summary>What the batch takes for a failure, although the status is that of a success: a condition of JMESPath.</summary>
    public const string FailIf = "error";

    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 \"\\\n";

    /// <summary>The payload's text.</summary>
    public string Payload => string.Create(CultureInfo.InvariantCulture, $"{{\"item\":{Number},\"seed\":{Seed}}}");

    /// <summary>Whether the sender gives up on the item after <see cref="MaxAttempts"/>.</summary>
    public bool IsEndless => IsPassing(Acts[^1]);

    /// <summary>How often the item is sent at most by a process that is not killed.</summary>
    public int MostRequests => MaxAttempts + Acts.Count(act => act is TargetAct.TooManyRequests or TargetAct.Unavailable);

    /// <summary>Whether the item is sent again after an act.</summary>
    public static bool IsPassing(TargetAct act) =>
        act is TargetAct.TooManyRequests or TargetAct.Unavailable or TargetAct.ServerError or TargetAct.CutBody or TargetAct.Reset;

    /// <summary>What the target does with the item's request of a number, from 0.</summary>
    public TargetAct ActOf(int request) => Acts[Math.Min(request, Acts.Count - 1)];

    public ExpectedOutcome Expect()
    {
        var act = Acts[^1];
        return act switch
        {
            TargetAct.NotFound => new ExpectedOutcome(404, "http-status", Refusal(act)),
            TargetAct.ErrorWithStatus200 => new ExpectedOutcome(200, "verdict", Refusal(act)),
            TargetAct.TooManyRequests or TargetAct.Unavailable =>
                throw new InvalidOperationException("An item that is always refused has no end to expect."),
            TargetAct.ServerError => new ExpectedOutcome(500, "http-status", Refusal(act)),
            TargetAct.CutBody => new ExpectedOutcome(200, "body-incomplete", Response()[..(ResponseBytes / 2)]),
            TargetAct.Reset => throw new InvalidOperationException("An item that is always reset has no status to expect."),
            _ => new ExpectedOutcome(200, null, Response()),
        };
    }

    /// <summary>The item's own response, which fits no other item.</summary>
    public byte[] Response()
    {
        byte[] response = new byte[ResponseBytes];
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Payload));
        var random = new Random(BitConverter.ToInt32(hash));
        if (IsBinary)
        {
            random.NextBytes(response);
            hash.AsSpan(0, Math.Min(hash.Length, ResponseBytes)).CopyTo(response);
            response[^1] = 0xff;
        }
        else
        {
            random.GetItems<byte>(Encoding.ASCII.GetBytes(Letters), response);
            byte[] start = Encoding.ASCII.GetBytes($"answer to {Payload} ");
            start.AsSpan(0, Math.Min(start.Length, ResponseBytes)).CopyTo(response);
        }

        return response;
    }

    /// <summary>The body of a response that is no success. It says of which item and which act it is.</summary>
    public byte[] Refusal(TargetAct act) => Encoding.ASCII.GetBytes($$"""{"error":"{{act}}","of":{{Payload}}}""");
}
