using System.Text.Json.Nodes;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>The check of results and receipts finds what is wrong, also if the receipt was made to fit.</summary>
public sealed class ResultCheckTests
{
    readonly PlannedBatch batch = new(CrashPlan.Create(seed: 1, items: 200, []));

    [Fact]
    public void Results_OfAFaultlessRun_HaveNoFault() => Assert.Empty(batch.FindResultFaults());

    [Fact]
    public void Line_Missing_IsFound()
    {
        batch.Lines.RemoveAt(50);
        RequireFault("There are 199 result lines for 200 items.");
        RequireFault("Line 51 has the outcome of item 51, not of item 50.");
    }

    [Fact]
    public void Line_MissingAtTheEnd_IsFound()
    {
        batch.Lines.RemoveAt(199);
        RequireFault("There are 199 result lines for 200 items.");
    }

    [Fact]
    public void Line_Doubled_IsFound()
    {
        batch.Lines.Insert(60, batch.Lines[60]);
        RequireFault("There are 201 result lines for 200 items.");
        RequireFault("Line 62 has the outcome of item 60, not of item 61.");
    }

    [Fact]
    public void Line_DoubledInThePlaceOfAnother_IsFound()
    {
        batch.Lines[61] = batch.Lines[60];
        RequireFault("Line 62 has the outcome of item 60, not of item 61.");
    }

    [Fact]
    public void Lines_InAnotherOrder_AreFound()
    {
        (batch.Lines[10], batch.Lines[11]) = (batch.Lines[11], batch.Lines[10]);
        RequireFault("Line 11 has the outcome of item 11, not of item 10.");
    }

    [Fact]
    public void Bodies_Swapped_AreFound()
    {
        int[] pair = [.. batch.Items.Where(item => item.Acts is [TargetAct.Response]).Take(2).Select(item => item.Number)];
        (batch.Lines[pair[0]], batch.Lines[pair[1]]) = (batch.Lines[pair[1]], batch.Lines[pair[0]]);
        batch.ChangeLine(pair[0], line => line["index"] = pair[0]);
        batch.ChangeLine(pair[1], line => line["index"] = pair[1]);
        RequireFault($"Item {pair[0]} has ");
        RequireFault($"Item {pair[1]} has ");
    }

    [Fact]
    public void Body_OfAnotherSeed_IsFound()
    {
        var other = new PlannedBatch(CrashPlan.Create(seed: 2, items: 200, []));
        int number = batch.Items.First(item => item.Acts is [TargetAct.Response]
            && other.Items[item.Number].Acts is [TargetAct.Response]).Number;
        batch.Lines[number] = other.Lines[number];
        RequireFault($"Item {number} has ");
    }

    [Fact]
    public void Body_CutByAByte_IsFound()
    {
        int number = batch.Items.First(item => item is { Acts: [TargetAct.Response], IsBinary: false }).Number;
        batch.ChangeLine(number, line => line["body"] = line["body"]!.GetValue<string>()[..^1]);
        RequireFault($"Item {number} has ");
    }

    [Fact]
    public void Hash_OfAnotherBody_IsFound()
    {
        batch.ChangeLine(batch.Plain.Number, line => line["sha256"] = new string('a', 64));
        RequireFault($"Item {batch.Plain.Number} has a whole body, but not that body's length and SHA-256");
    }

    [Fact]
    public void Status_ThatIsNotThePlans_IsFound()
    {
        int failed = batch.Items.First(item => item.Acts[^1] == TargetAct.NotFound).Number;
        batch.ChangeLine(failed, line => line["status"] = "succeeded");
        RequireFault($"Item {failed} must be http-status with 404");
    }

    [Fact]
    public void Error_OfAnotherCode_IsFound()
    {
        batch.ChangeLine(batch.Plain.Number, line =>
        {
            line["status"] = "failed";
            line["error"] = new JsonObject { ["code"] = "platform" };
        });
        RequireFault($"Item {batch.Plain.Number} must be succeeded with 200");
    }

    [Fact]
    public void Attempts_MoreThanTheTargetSaw_AreFound()
    {
        batch.ChangeLine(batch.Plain.Number, line => line["attempts"] = 2);
        RequireFault($"Item {batch.Plain.Number} says that it was sent 2 times, and the target saw it 1 times.");
    }

    [Fact]
    public void LastLine_WithoutItsEnd_IsFound()
    {
        batch.Lines[^1] = batch.Lines[^1].TrimEnd('\n');
        RequireFault("The results do not end with a line feed.");
    }

    [Theory]
    [InlineData("items")]
    [InlineData("outcomes")]
    public void Receipt_WithAnotherNumber_IsFound(string name)
    {
        batch.Receipt[name] = 199;
        Assert.Equal([$"The receipt says {name} 199, which must be 200."], batch.FindResultFaults());
    }

    [Theory]
    [InlineData("succeeded")]
    [InlineData("failed")]
    [InlineData("cancelled")]
    [InlineData("expired")]
    public void Receipt_WithAnotherCount_IsFound(string name)
    {
        batch.Receipt["counts"]![name] = 1000;
        Assert.StartsWith($"The receipt says {name} 1000", Assert.Single(batch.FindResultFaults()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("byErrorCode", "http-status")]
    [InlineData("byErrorCode", "timeout")]
    [InlineData("byHttpStatus", "200")]
    [InlineData("byHttpStatus", "418")]
    public void Receipt_WithAnotherCountOfAKind_IsFound(string kind, string name)
    {
        batch.Receipt["counts"]![kind]![name] = 1000;
        Assert.StartsWith(
            "The receipt's counts by error code and status are not",
            Assert.Single(batch.FindResultFaults()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Receipt_WithAnotherHash_IsFound()
    {
        batch.Receipt["sha256"] = new string('a', 64);
        Assert.Equal(["The receipt's SHA-256 is not that of the results."], batch.FindResultFaults());
    }

    [Fact]
    public void Receipt_WithAnotherHashOfAShard_IsFound()
    {
        batch.Receipt["shards"]![3]!["sha256"] = new string('a', 64);
        Assert.Contains(
            batch.FindResultFaults(),
            fault => fault.EndsWith("is not that of the lines from 22 on.", StringComparison.Ordinal));
    }

    [Fact]
    public void Receipt_WithoutItsLastShard_IsFound()
    {
        batch.Receipt["shards"]!.AsArray().RemoveAt(28);
        Assert.Equal(["The receipt's shards have 196 items of 200."], batch.FindResultFaults());
    }

    // The receipt is made anew, so that it is the line's own fault that is found.
    void RequireFault(string start)
    {
        batch.Seal();
        var faults = batch.FindResultFaults();
        Assert.True(
            faults.Exists(fault => fault.StartsWith(start, StringComparison.Ordinal)),
            $"Not among the faults: {start}\n{string.Join('\n', faults)}");
    }
}
