param name string
param location string
param tags object
param deploymentContainer string
param sku string
param isPrivate bool
param retentionDays int
param softDeleteDays int

// The default of Rollcall__ItemsContainers.
var itemsContainer = 'rollcall-items'

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: softDeleteDays > 0 ? { enabled: true, days: softDeleteDays } : { enabled: false }
      containerDeleteRetentionPolicy: softDeleteDays > 0 ? { enabled: true, days: softDeleteDays } : { enabled: false }
    }

    resource deployments 'containers' = {
      name: deploymentContainer
    }

    resource items 'containers' = {
      name: itemsContainer
    }
  }

  // Batches are deleted by the app, which knows when one has ended. What was uploaded for a batch is stored with it at its start.
  resource lifecycle 'managementPolicies' = if (retentionDays > 0) {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'uploads-of-items'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: ['${itemsContainer}/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: retentionDays } } }
            }
          }
        ]
      }
    }
    dependsOn: [blobs]
  }
}

output id string = account.id
output name string = account.name
