import { boundSecret } from 'types.bicep'

param name string
param planName string
param location string
param tags object
param identityId string
param identityClientId string
param storageName string
param deploymentContainer string
param insightsName string
param vaultName string

@description('Empty where the app is in no network.')
param subnetId string
param instanceMemoryMB int
param maximumInstanceCount int
param durableAlwaysReady int
param liveItems int
param privateTargets string
param retentionDays int
param echoTarget bool
param entraClientId string
param secrets boundSecret[]
param webhookKeys boundSecret[]

var storageSuffix = environment().suffixes.storage

var settings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: 'https://${storageName}.blob.${storageSuffix}'
  AzureWebJobsStorage__queueServiceUri: 'https://${storageName}.queue.${storageSuffix}'
  AzureWebJobsStorage__tableServiceUri: 'https://${storageName}.table.${storageSuffix}'
  // Without Application Insights it logs a warning at each start, so that host.json, which is also used where there is none, has it off.
  AzureFunctionsJobHost__extensions__durableTask__tracing__version: 'V2'
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  Rollcall__LiveItems: string(liveItems)
  Rollcall__ItemsPerShard: '100'
  Rollcall__PrivateTargets: privateTargets
  Rollcall__ItemsContainers: 'rollcall-items'
  Rollcall__NoticeQueues: 'rollcall-notices'
  // A request as JSON may take 64 MiB, and several times that while it is read: these fit into half of the memory.
  Rollcall__Intakes: string(instanceMemoryMB / 512)
  Rollcall__MaxRepairs: '3'
  Rollcall__EchoTarget: string(echoTarget)
}

var retentionSettings = retentionDays > 0 ? { Rollcall__RetentionDays: string(retentionDays) } : {}

// The vault's names have no underscore.
var secretSettings = toObject(
  secrets,
  secret => 'Rollcall__Secrets__${secret.name}',
  secret => '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${replace(secret.name, '_', '-')})'
)
var secretOrigins = toObject(secrets, secret => 'Rollcall__Secrets__${secret.name}__Origins', secret => secret.origins)
var keySettings = toObject(
  webhookKeys,
  key => 'Rollcall__WebhookKeys__${key.name}',
  key => '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${replace(key.name, '_', '-')})'
)
var keyOrigins = toObject(webhookKeys, key => 'Rollcall__WebhookKeys__${key.name}__Origins', key => key.origins)

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: map(
        items(union(
          settings,
          { APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString },
          retentionSettings,
          secretSettings,
          secretOrigins,
          keySettings,
          keyOrigins
        )),
        setting => { name: setting.key, value: setting.value }
      )
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${storageName}.blob.${storageSuffix}/${deploymentContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: durableAlwaysReady > 0 ? [{ name: 'durable', instanceCount: durableAlwaysReady }] : []
      }
    }
  }

  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noBasicDeployment 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource entra 'config' = if (!empty(entraClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        // Health is for probes. The echo is sent to by the app itself, which has no token, and has its own key.
        excludedPaths: ['/api/health', '/api/echo']
      }
      httpSettings: { requireHttps: true }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: entraClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: { allowedAudiences: [entraClientId, 'api://${entraClientId}'] }
        }
      }
      login: { tokenStore: { enabled: false } }
    }
  }
}

output name string = app.name
output uri string = 'https://${app.properties.defaultHostName}'
