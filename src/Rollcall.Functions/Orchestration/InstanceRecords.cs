using System.Net;
using Azure;
using Azure.Data.Tables;
using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Rollcall.Orchestration;

namespace Rollcall.Functions.Orchestration;

/// <summary>
/// The rows that the Durable extension keeps of orchestrations, one each. If the host ends after it has written the start of a
/// sub-orchestration's history and before it has written the row, later writes make a row without a name, a time of creation and a status.
/// Until it is completed here, the extension can neither read that row nor list any page that it is on.
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
    /// Reads what the extension says of a batch's orchestrations. If it fails, their rows are completed, and it is read once more.
    /// </summary>
    /// <param name="read">Reads it.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="RpcException">It cannot be read, and not for want of a whole row.</exception>
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

        // Ids have none of the characters that the extension escapes in a key. The rows of a prefix end where its last character's next
        // begins.
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
                // Only over what was read: the orchestration may be ending in this moment, and its status must stay.
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

    // A notice's orchestration is no sub-orchestration: its row is written when it is scheduled.
    static string OrchestratorOf(string batchId, string instanceId) =>
        instanceId == batchId ? nameof(BatchOrchestrator) : nameof(ShardOrchestrator);

    [LoggerMessage(
        LogLevel.Warning,
        "The record of orchestration '{InstanceId}' had no name, time of creation or status, as after a crash of the host. They were "
        + "added.")]
    partial void LogCompleted(string instanceId);
}
