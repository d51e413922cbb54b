using Rollcall.Items;

namespace Rollcall.Intake;

/// <summary>Changes an item as it is read, or refuses it.</summary>
/// <param name="read">The item as read.</param>
/// <param name="made">The item to be sent; of use only if nothing is wrong.</param>
/// <returns>What is wrong, as the rest of a sentence whose subject is the item's line; null if nothing is.</returns>
public delegate string? ItemRule(BatchItem read, out BatchItem made);
