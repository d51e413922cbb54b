using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;

namespace Rollcall.FunctionsHost.Functions;

/// <summary>
/// Makes one class with a static method for each function, because the WebJobs SDK finds functions by the attributes of methods. Each
/// method hands its name and arguments to the invoker: the trigger's value, a text for each durable client, the binder, and a token.
/// </summary>
sealed class FunctionEmitter(IReadOnlyCollection<FunctionDefinition> functions, FunctionInvoker invoker) : ITypeLocator
{
    public IReadOnlyList<Type> GetTypes()
    {
        var type = AssemblyBuilder
            .DefineDynamicAssembly(new AssemblyName("Rollcall.FunctionsHost.Emitted"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("Emitted")
            .DefineType("Functions", TypeAttributes.Public | TypeAttributes.Class);
        var run = type.DefineField("Run", typeof(Func<string, object?[], Task<object?>>), FieldAttributes.Public | FieldAttributes.Static);
        foreach (var function in functions)
        {
            EmitMethod(type, run, function);
        }

        var made = type.CreateType();
        made.GetField(run.Name)!.SetValue(null, (Func<string, object?[], Task<object?>>)invoker.InvokeAsync);
        return [made];
    }

    static void EmitMethod(TypeBuilder type, FieldInfo run, FunctionDefinition function)
    {
        var (valueType, trigger) = Trigger(function);
        (string Name, Type Type, CustomAttributeBuilder? Attribute)[] parameters =
        [
            ((string)function.Trigger["name"]!, valueType, trigger),
            .. function.Clients.Select(client => ((string)client["name"]!, typeof(string), Attribute<DurableClientAttribute>(client))),
            ("rollcallBinder", typeof(Microsoft.Azure.WebJobs.Binder), null),
            ("rollcallCancellation", typeof(CancellationToken), null),
        ];

        // Only the durable triggers bind what a method returns; with a result, the SDK refuses the others.
        bool hasResult = function.Kind is TriggerKind.Orchestration or TriggerKind.Activity or TriggerKind.Entity;
        var method = type.DefineMethod(function.Name, MethodAttributes.Public | MethodAttributes.Static);
        method.SetReturnType(hasResult ? typeof(Task<object>) : typeof(Task));
        method.SetParameters([.. parameters.Select(p => p.Type)]);
        method.SetCustomAttribute(Attribute<FunctionNameAttribute>([], function.Name));
        if (function.Kind == TriggerKind.Http)
        {
            method.SetCustomAttribute(Attribute<NoAutomaticTriggerAttribute>([]));
        }

        // return Run("name", new object[] { parameters... });
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldsfld, run);
        code.Emit(OpCodes.Ldstr, function.Name);
        code.Emit(OpCodes.Ldc_I4, parameters.Length);
        code.Emit(OpCodes.Newarr, typeof(object));
        foreach (var (i, (name, parameterType, attribute)) in parameters.Index())
        {
            var parameter = method.DefineParameter(i + 1, ParameterAttributes.None, name);
            if (attribute is not null)
            {
                parameter.SetCustomAttribute(attribute);
            }

            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(OpCodes.Ldarg, i);
            code.Emit(OpCodes.Box, parameterType);
            code.Emit(OpCodes.Stelem_Ref);
        }

        code.Emit(OpCodes.Callvirt, run.FieldType.GetMethod("Invoke")!);
        code.Emit(OpCodes.Ret);
    }

    static (Type ValueType, CustomAttributeBuilder? Attribute) Trigger(FunctionDefinition function) => function.Kind switch
    {
        TriggerKind.Queue => (typeof(string), Attribute<QueueTriggerAttribute>(function.Trigger, (string)function.Trigger["queueName"]!)),
        TriggerKind.Timer => (typeof(TimerInfo), Attribute<TimerTriggerAttribute>(function.Trigger, (string)function.Trigger["schedule"]!)),
        TriggerKind.Orchestration => (typeof(string), Attribute<OrchestrationTriggerAttribute>(function.Trigger)),
        TriggerKind.Activity => (typeof(string), Attribute<ActivityTriggerAttribute>(function.Trigger)),
        TriggerKind.Entity => (typeof(string), Attribute<EntityTriggerAttribute>(function.Trigger)),
        _ => (typeof(HttpContext), null),
    };

    /// <summary>The attribute's properties have the names of the binding's, but for their first letter.</summary>
    static CustomAttributeBuilder Attribute<T>(JObject binding, params string[] arguments)
    {
        var values = typeof(T).GetProperties()
            .Where(property => property.CanWrite)
            .Select(property => (Property: property, Value: binding.GetValue(property.Name, StringComparison.OrdinalIgnoreCase)))
            .Where(pair => pair.Value is JValue { Value: not (null or "") })
            .ToList();
        return new CustomAttributeBuilder(
            typeof(T).GetConstructor([.. arguments.Select(_ => typeof(string))])!,
            [.. arguments],
            [.. values.Select(pair => pair.Property)],
            [.. values.Select(pair => pair.Value!.ToObject(pair.Property.PropertyType))]);
    }
}
