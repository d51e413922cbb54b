namespace Rollcall.Benchmarks;

/// <summary>How much is measured.</summary>
/// <param name="Scale">The share of the full load.</param>
/// <param name="Pairs">How many runs of each side.</param>
/// <param name="Other">The executable to compare with; null for none.</param>
sealed record Load(double Scale, int Pairs, string? Other)
{
    /// <summary>A number of items at this load, at least 10.</summary>
    public int Of(int items) => Math.Max(10, (int)(items * Scale));
}
