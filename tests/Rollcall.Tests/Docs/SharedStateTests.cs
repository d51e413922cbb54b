using System.Reflection;
using Rollcall.Api;
using Rollcall.Orchestration;

namespace Rollcall.Tests.Docs;

/// <summary>An object that every request can reach has no property that one of them could change under the others.</summary>
public sealed class SharedStateTests
{
    static readonly Assembly[] Ours = [typeof(BatchExecution).Assembly, typeof(ListApi).Assembly];

    [Fact]
    public void StaticObjects_OfOurOwnTypes_CannotBeChanged()
    {
        var held = Ours.SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type
            .GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral && IsOurs(field.FieldType))
            .ToList();
        Assert.NotEmpty(held);
        Assert.Empty(held.Where(field => CanChange(field.FieldType, [])).Select(field => $"{field.DeclaringType}.{field.Name}"));
    }

    [Fact]
    public void ATypeWithASetter_CanChange() => Assert.True(CanChange(typeof(BatchRunStatus), []));

    [Fact]
    public void StatusThatIsNotReportedYet_IsNotSharedByTwoReaders() =>
        Assert.NotSame(BatchExecution.ReadStatus(null).Tally, BatchExecution.ReadStatus(null).Tally);

    static bool IsOurs(Type type) => Ours.Contains(type.Assembly) && type is { IsEnum: false, IsClass: true };

    static bool CanChange(Type type, HashSet<Type> seen) =>
        seen.Add(type) && type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(property =>
            IsChangeable(property) || (IsOurs(property.PropertyType) && CanChange(property.PropertyType, seen)));

    static bool IsChangeable(PropertyInfo property) =>
        property.SetMethod is { } set
            && IsOurs(property.DeclaringType!)
            && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
}
