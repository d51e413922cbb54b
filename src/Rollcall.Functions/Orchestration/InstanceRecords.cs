using System.Net;
using Azure;
using Azure.Data.Tables;
using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Rollcall.Orchestration;

namespace Rollcall.Functions.Orchestration;

/// <summary>
/// The rows that the Durable extension keeps, one per orchestration. If the host ends after it has written the start of a
/// sub-orchestration's history but not the row, later writes create a row without a name, a creation time and a status. Until the row is
/// completed here, the extension can neither read it nor list a page that contains it.
/// </summary>
/// <param name="table">The task hub's table of instances.</param>
sealed partial class InstanceRecords(TableClient table, ILogger<InstanceRecords> logger)
{
    const string Name = nameof(Name);
    const string CreatedTime = nameof(CreatedTime);
    const string LastUpdatedTime = nameof(LastUpdatedTime);
    const string RuntimeStatus = nameof(RuntimeStatus);

    static readonly string[] Columns = [
        nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey), Name, CreatedTime, LastUpdatedTime, RuntimeStatus];

    /// <summary>
    /// Reads a batch's orchestrations through the extension. If that fails, completes their rows and reads again.
    /// </summary>
    /// <param name="read">Reads them.</param>
    /// <exception cref="RpcException">They cannot be read, for another reason than an incomplete row.</exception>
    /// <exception cref="RequestFailedException">The table cannot be read or written.</exception>
    public async Task<T> ReadAsync<T>(string batchId, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read();
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Unknown)
        {
            await CompleteAsync(batchId, cancellationToken);
            return await read();
        }
    }

    async Task CompleteAsync(string batchId, CancellationToken cancellationToken)
    {
        string prefix = BatchPlan.InstancePrefixOf(batchId);

        // Ids contain no characters that the extension escapes in a key. The range of a prefix ends where its last character is replaced
        // by the next one.
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey ge {batchId} and PartitionKey lt {prefix[..^1] + (char)(prefix[^1] + 1)}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: Columns, cancellationToken: cancellationToken))
        {
            if (row.PartitionKey == batchId || row.PartitionKey.StartsWith(prefix, StringComparison.Ordinal))
            {
                await CompleteAsync(batchId, row, cancellationToken);
            }
        }
    }

    async Task CompleteAsync(string batchId, TableEntity row, CancellationToken cancellationToken)
    {
        while (!IsWhole(row))
        {
            var whole = new TableEntity(row.PartitionKey, row.RowKey)
            {
                [Name] = row.GetString(Name) ?? OrchestratorOf(batchId, row.PartitionKey),
                [CreatedTime] = row.GetDateTimeOffset(CreatedTime) ?? row.GetDateTimeOffset(LastUpdatedTime) ?? row.Timestamp,
                [RuntimeStatus] = row.GetString(RuntimeStatus) ?? nameof(OrchestrationRuntimeStatus.Running),
            };
            try
            {
                // Only if the row is unchanged: the orchestration may be ending at this moment, and its status must stay.
                await table.UpdateEntityAsync(whole, row.ETag, TableUpdateMode.Merge, cancellationToken);
                LogCompleted(row.PartitionKey);
                return;
            }
            catch (RequestFailedException exception) when (exception.Status is (int)HttpStatusCode.PreconditionFailed
                or (int)HttpStatusCode.NotFound)
            {
                var found = await table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, Columns, cancellationToken);
                if (found.Value is not { } changed)
                {
                    return;
                }

                row = changed;
            }
        }
    }

    static bool IsWhole(TableEntity row) =>
        row.GetString(Name) is not null && row.GetDateTimeOffset(CreatedTime) is not null && row.GetString(RuntimeStatus) is not null;

    // A notice's orchestration is not a sub-orchestration: its row is written when it is scheduled.
    static string OrchestratorOf(string batchId, string instanceId) =>
        instanceId == batchId ? nameof(BatchOrchestrator) : nameof(ShardOrchestrator);

    [LoggerMessage(
        LogLevel.Warning,
        "The record of orchestration '{InstanceId}' had no name, creation time or status, probably after a crash of the host. The missing "
        + "values were added.")]
    partial void LogCompleted(string instanceId);
}
