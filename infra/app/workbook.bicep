param location string
param tags object
param insightsId string

var metrics = loadJsonContent('metrics.json')

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insightsId, 'rollcall')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Rollcall'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: insightsId
    serializedData: reduce(
      items(metrics),
      loadTextContent('workbook.json'),
      (text, metric) => replace(string(text), '{${metric.key}}', string(metric.value))
    )
  }
}
