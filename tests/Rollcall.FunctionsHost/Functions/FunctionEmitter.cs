using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Newtonsoft.Json.Linq;
using Binder = Microsoft.Azure.WebJobs.Binder;

namespace Rollcall.FunctionsHost.Functions;

/// <summary>
/// Makes one class with a static method for each function, because the WebJobs SDK finds functions by the attributes of methods. Each
/// method hands its name and arguments to the invoker: the trigger's value, a text for each durable client, the binder, and a token.
/// </summary>
/// <param name="functions">The functions.</param>
/// <param name="invoker">Runs them.</param>
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
        (string Name, Type Type, CustomAttributeBuilder? Attribute)[] parameters =
        [
            ((string)function.Trigger["name"]!, ValueType(function.Kind), TriggerAttribute(function)),
            .. function.Clients.Select(client => ((string)client["name"]!, typeof(string), ClientAttribute(client))),
            ("rollcallBinder", typeof(Binder), null),
            ("rollcallCancellation", typeof(CancellationToken), null),
        ];

        // Only the durable triggers bind what a method returns; with a result, the SDK refuses the others.
        bool hasResult = function.Kind is TriggerKind.Orchestration or TriggerKind.Activity or TriggerKind.Entity;
        var method = type.DefineMethod(
            function.Name,
            MethodAttributes.Public | MethodAttributes.Static,
            hasResult ? typeof(Task<object>) : typeof(Task),
            [.. parameters.Select(p => p.Type)]);
        method.SetCustomAttribute(Attribute<FunctionNameAttribute>([function.Name]));
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

    static Type ValueType(TriggerKind kind) => kind switch
    {
        TriggerKind.Http => typeof(HttpContext),
        TriggerKind.Timer => typeof(TimerInfo),
        _ => typeof(string),
    };

    static CustomAttributeBuilder? TriggerAttribute(FunctionDefinition function)
    {
        var trigger = function.Trigger;
        return function.Kind switch
        {
            TriggerKind.Queue => Attribute<QueueTriggerAttribute>([(string)trigger["queueName"]!], ("Connection", (string?)trigger["connection"])),
            TriggerKind.Orchestration => Attribute<OrchestrationTriggerAttribute>([], ("Orchestration", (string?)trigger["orchestration"])),
            TriggerKind.Activity => Attribute<ActivityTriggerAttribute>([], ("Activity", (string?)trigger["activity"])),
            TriggerKind.Entity => Attribute<EntityTriggerAttribute>([], ("EntityName", (string?)trigger["entityName"])),
            TriggerKind.Timer => Attribute<TimerTriggerAttribute>(
                [(string)trigger["schedule"]!],
                ("RunOnStartup", (bool?)trigger["runOnStartup"]),
                ("UseMonitor", (bool?)trigger["useMonitor"])),
            _ => null,
        };
    }

    static CustomAttributeBuilder ClientAttribute(JObject client) => Attribute<DurableClientAttribute>(
        [],
        ("TaskHub", (string?)client["taskHub"]),
        ("ConnectionName", (string?)client["connectionName"]));

    static CustomAttributeBuilder Attribute<T>(object[] arguments, params (string Name, object? Value)[] properties)
    {
        var given = properties.Where(p => p.Value is not (null or "")).ToList();
        return new CustomAttributeBuilder(
            typeof(T).GetConstructor([.. arguments.Select(a => a.GetType())])!,
            arguments,
            [.. given.Select(p => typeof(T).GetProperty(p.Name)!)],
            [.. given.Select(p => p.Value)]);
    }
}
