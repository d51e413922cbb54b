param token string
param location string
param tags object
param insightsId string
param storageId string
param email string

var abbreviations = loadJsonContent('../abbreviations.json')
var metrics = loadJsonContent('metrics.json')

var rules = [
  {
    name: 'batch-failed'
    title: 'A batch failed'
    description: 'A batch ended as failed. GET /api/batches?status=failed lists it, and its status has the reason.'
    severity: 1
    window: 'PT5M'
    // The worker's own exporter has a log's template as message, and what is filled in as dimensions.
    query: '''
      union
        (traces | extend text = coalesce(tostring(customDimensions.Found), message) | where text matches regex @"^Batch '.+' failed: "),
        (customMetrics | where name == '{endedBatches}' and tostring(customDimensions['{endedBatchesStatus}']) == 'failed')
    '''
  }
  {
    name: 'items-failing'
    title: 'More than a tenth of the items fail'
    description: 'Of at least 100 items that ended within 15 minutes more than 10 % failed. The target may be down, or a secret wrong.'
    severity: 2
    window: 'PT15M'
    query: '''
      customMetrics
      | where name == '{items}'
      | summarize items = sum(valueSum), failed = sumif(valueSum, tostring(customDimensions['{itemsStatus}']) == 'failed')
      | where items >= 100 and failed > 0.1 * items
    '''
  }
  {
    name: 'no-progress'
    title: 'A batch is running, and nothing succeeded for 10 minutes'
    description: 'No attempt succeeded, and no outcome was recorded. The target may be slow or refuse everything, or the app does not run. Paused and scheduled batches do not count.'
    severity: 2
    window: 'PT10M'
    query: '''
      customMetrics
      | extend status = tostring(customDimensions['{openBatchesStatus}'])
      | summarize
          open = minif(valueMin, name == '{openBatches}' and status == 'running'),
          progress = sumif(valueSum, name == '{items}' or (name == '{attempts}' and isempty(customDimensions['{error}'])))
      | where open > 0 and progress == 0
    '''
  }
  {
    name: 'poison-messages'
    title: 'A queue message was not accepted'
    description: 'A message of the queue rollcall-batches is in rollcall-batches-poison. GET /api/batches?status=rejected says why.'
    severity: 2
    window: 'PT5M'
    query: '''
      traces
      | extend text = strcat(message, tostring(customDimensions))
      | where text has 'rollcall-batches-poison'
    '''
  }
]

var names = items(metrics)

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: '${abbreviations.actionGroup}${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'rollcall'
    enabled: true
    emailReceivers: [{ name: 'email', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${abbreviations.queryAlert}${rule.name}-${token}'
    location: location
    tags: tags
    properties: {
      displayName: rule.title
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: reduce(
              names,
              rule.query,
              (text, metric) => replace(string(text), '{${metric.key}}', string(metric.value))
            )
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: empty(email) ? [] : [actionGroup.id] }
    }
  }
]

resource throttled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${abbreviations.metricAlert}storage-throttled-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The storage account refuses requests, because there are too many. Batches go on, more slowly: lower Rollcall__LiveItems.'
    severity: 2
    enabled: true
    scopes: [storageId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'throttled'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Storage/storageAccounts'
          metricName: 'Transactions'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 100
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: [
                'ServerBusyError'
                'ClientThrottlingError'
                'ClientAccountRequestThrottlingError'
                'ClientAccountBandwidthThrottlingError'
                'SuccessWithThrottling'
              ]
            }
          ]
        }
      ]
    }
    actions: empty(email) ? [] : [{ actionGroupId: actionGroup.id }]
  }
}
