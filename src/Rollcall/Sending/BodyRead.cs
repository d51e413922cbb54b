using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>What came of reading a body.</summary>
/// <param name="Body">What was received.</param>
/// <param name="Failure">What ended the reading before the body's end; null where it was read whole or is too large.</param>
/// <param name="IsTooLarge">Whether the body goes on past the limit.</param>
readonly record struct BodyRead(ItemBody Body, Exception? Failure, bool IsTooLarge = false);
