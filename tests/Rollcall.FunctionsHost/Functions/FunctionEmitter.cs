using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Binder = Microsoft.Azure.WebJobs.Binder;

namespace Rollcall.FunctionsHost.Functions;

/// <summary>
/// Makes one class with a static method for each function, because the WebJobs SDK finds functions by the attributes of methods. Each
/// method hands its name and arguments to one delegate.
/// </summary>
sealed class FunctionEmitter
{
    const string DelegateField = "Run";

    readonly TypeBuilder type = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("Rollcall.FunctionsHost.Emitted"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule("Emitted")
        .DefineType("Functions", TypeAttributes.Public | TypeAttributes.Class);

    readonly FieldBuilder run;

    FunctionEmitter() =>
        run = type.DefineField(DelegateField, typeof(Func<string, object?[], Task<object?>>), FieldAttributes.Public | FieldAttributes.Static);

    /// <summary>Makes the class.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="run">
    /// Runs a function by its name and arguments: the trigger's value, one text for each durable client, the binder, and a token.
    /// </param>
    /// <returns>The class.</returns>
    public static Type Emit(IEnumerable<FunctionDefinition> functions, Func<string, object?[], Task<object?>> run)
    {
        var emitter = new FunctionEmitter();
        foreach (var function in functions)
        {
            emitter.EmitMethod(function);
        }

        var made = emitter.type.CreateType();
        made.GetField(DelegateField)!.SetValue(null, run);
        return made;
    }

    void EmitMethod(FunctionDefinition function)
    {
        (string Name, Type Type, CustomAttributeBuilder? Attribute)[] parameters =
        [
            Trigger(function),
            .. function.Clients.Select(client => (FunctionDefinition.Text(client, "name")!, typeof(string), ClientAttribute(client))),
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

        for (int i = 0; i < parameters.Length; i++)
        {
            var parameter = method.DefineParameter(i + 1, ParameterAttributes.None, parameters[i].Name);
            if (parameters[i].Attribute is { } attribute)
            {
                parameter.SetCustomAttribute(attribute);
            }
        }

        EmitBody(method.GetILGenerator(), function.Name, [.. parameters.Select(p => p.Type)]);
    }

    void EmitBody(ILGenerator code, string name, Type[] parameters)
    {
        code.Emit(OpCodes.Ldsfld, run);
        code.Emit(OpCodes.Ldstr, name);
        code.Emit(OpCodes.Ldc_I4, parameters.Length);
        code.Emit(OpCodes.Newarr, typeof(object));
        for (int i = 0; i < parameters.Length; i++)
        {
            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(OpCodes.Ldarg, i);
            if (parameters[i].IsValueType)
            {
                code.Emit(OpCodes.Box, parameters[i]);
            }

            code.Emit(OpCodes.Stelem_Ref);
        }

        code.Emit(OpCodes.Callvirt, run.FieldType.GetMethod("Invoke")!);
        code.Emit(OpCodes.Ret);
    }

    static (string Name, Type Type, CustomAttributeBuilder? Attribute) Trigger(FunctionDefinition function)
    {
        var trigger = function.Trigger;
        string? Text(string name) => FunctionDefinition.Text(trigger, name);
        var attribute = function.Kind switch
        {
            TriggerKind.Queue => Attribute<QueueTriggerAttribute>([Text("queueName")!], ("Connection", Text("connection"))),
            TriggerKind.Orchestration => Attribute<OrchestrationTriggerAttribute>([], ("Orchestration", Text("orchestration"))),
            TriggerKind.Activity => Attribute<ActivityTriggerAttribute>([], ("Activity", Text("activity"))),
            TriggerKind.Entity => Attribute<EntityTriggerAttribute>([], ("EntityName", Text("entityName"))),
            TriggerKind.Timer => Attribute<TimerTriggerAttribute>(
                [Text("schedule")!],
                ("RunOnStartup", function.Flag("runOnStartup", otherwise: false)),
                ("UseMonitor", function.Flag("useMonitor", otherwise: true))),
            _ => null,
        };
        var valueType = function.Kind == TriggerKind.Timer ? typeof(TimerInfo) : typeof(string);
        return (Text("name")!, valueType, attribute);
    }

    static CustomAttributeBuilder ClientAttribute(System.Text.Json.JsonElement client) => Attribute<DurableClientAttribute>(
        [],
        ("TaskHub", FunctionDefinition.Text(client, "taskHub")),
        ("ConnectionName", FunctionDefinition.Text(client, "connectionName")));

    static CustomAttributeBuilder Attribute<T>(object[] arguments, params (string Name, object? Value)[] properties)
    {
        var constructor = typeof(T).GetConstructor([.. arguments.Select(a => a.GetType())])!;
        var given = properties.Where(p => p.Value is not null).ToList();
        return new CustomAttributeBuilder(
            constructor,
            arguments,
            [.. given.Select(p => typeof(T).GetProperty(p.Name)!)],
            [.. given.Select(p => p.Value)]);
    }
}
