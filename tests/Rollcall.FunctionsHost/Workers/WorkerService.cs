using Grpc.Core;
using Rollcall.FunctionsHost.Protocol;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>The gRPC service that a worker calls. Its first message says which worker it is.</summary>
/// <param name="workers">Knows the workers that were started.</param>
sealed class WorkerService(WorkerSupervisor workers) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream,
        IServerStreamWriter<StreamingMessage> responseStream,
        ServerCallContext context)
    {
        if (await requestStream.MoveNext(context.CancellationToken)
            && workers.Find(requestStream.Current.StartStream?.WorkerId) is { } worker)
        {
            await worker.ServeAsync(requestStream, responseStream, context.CancellationToken);
        }
    }
}
