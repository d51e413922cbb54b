targetScope = 'subscription'

import { boundSecret } from 'app/types.bicep'

@minLength(1)
@maxLength(64)
@description('The name of the environment: a part of the names of the resource group and, hashed, of everything in it.')
param environmentName string

@minLength(1)
@description('The region of everything. Those that are allowed have the Flex Consumption plan.')
@allowed([
  'australiaeast'
  'canadacentral'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'japaneast'
  'koreacentral'
  'northcentralus'
  'northeurope'
  'norwayeast'
  'southafricanorth'
  'southcentralus'
  'southeastasia'
  'spaincentral'
  'swedencentral'
  'switzerlandnorth'
  'uaenorth'
  'uksouth'
  'ukwest'
  'westcentralus'
  'westeurope'
  'westus'
  'westus2'
  'westus3'
])
@metadata({ azd: { type: 'location' } })
param location string

@description('Whether the app is in a virtual network of its own, and storage and vault are reached by private endpoints alone.')
param vnetEnabled bool = false

@description('The object id of the person or pipeline that deploys. azd fills it in.')
param principalId string = ''

@allowed(['User', 'ServicePrincipal', 'Group'])
@description('What principalId is: ServicePrincipal in a pipeline.')
param principalType string = 'User'

@description('Whether principalId gets the data roles of the app too, and may set secrets: to look into the storage account.')
param createRoleForUser bool = false

@allowed([2048, 4096])
@description('The memory of an instance. The plan has 512 MB as well, in which Durable Functions do not run dependably.')
param instanceMemoryMB int = 2048

@minValue(1)
@maxValue(1000)
@description('The most instances that a group of functions has. Many regions allow no fewer than 40.')
param maximumInstanceCount int = 40

@minValue(0)
@maxValue(20)
@description('How many instances of the durable group are always there. 0 is the cheapest; a batch then waits for the first instance.')
param durableAlwaysReady int = 1

@minValue(1)
@maxValue(100000)
@description('How many items of a batch are live at once. The instances times maxConcurrentActivityFunctions of host.json are all busy.')
param liveItems int = 2560

@description('What the app sends to besides public addresses: networks with commas between them, allow, or nothing.')
param privateTargets string = ''

@minValue(0)
@maxValue(36500)
@description('After how many days batches that have ended are deleted, and uploads to rollcall-items too. 0 for never.')
param retentionDays int = 30

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
@description('How the storage account is replicated. ZRS and GZRS outlive the loss of a zone; some regions have no zones.')
param storageSku string = 'Standard_LRS'

@minValue(0)
@maxValue(365)
@description('For how many days a deleted blob can be restored. 0 for not at all, so that deleting a batch deletes it at once.')
param softDeleteDays int = 7

@description('Whether the app has POST /api/echo, which the smoke batch after each deployment is sent to.')
param echoTarget bool = true

@description('The client id of an Entra ID app registration, for which every request but health and echo then needs a token.')
param entraClientId string = ''

@description('The secrets that headers of a batch may name.')
param secrets boundSecret[] = []

@description('The keys that sign notices.')
param webhookKeys boundSecret[] = []

@description('Where alerts are sent. Empty for nowhere: they are in the portal all the same.')
param alertEmail string = ''

@description('Whether the vault cannot be purged, by anybody, before its deleted secrets expire. It cannot be turned off again.')
param vaultPurgeProtection bool = false

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var appName = '${abbreviations.functionApp}${token}'
var storageName = '${abbreviations.storageAccount}${token}'
var vaultName = '${abbreviations.keyVault}${token}'
// The app refuses to read items from containers whose names begin so.
var deploymentContainer = 'app-package-rollcall'

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: '${abbreviations.managedIdentity}${token}'
    location: location
    tags: tags
  }
}

module storage 'app/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: storageName
    location: location
    tags: tags
    deploymentContainer: deploymentContainer
    sku: storageSku
    isPrivate: vnetEnabled
    retentionDays: retentionDays
    softDeleteDays: softDeleteDays
  }
}

module vault 'app/keyvault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    name: vaultName
    location: location
    tags: tags
    isPrivate: vnetEnabled
    purgeProtection: vaultPurgeProtection
  }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: '${abbreviations.logAnalyticsWorkspace}${token}'
    insightsName: '${abbreviations.applicationInsights}${token}'
    location: location
    tags: tags
  }
}

module roles 'app/rbac.bicep' = {
  name: 'roles'
  scope: group
  params: {
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
    insightsName: monitoring.outputs.insightsName
    appPrincipalId: identity.outputs.principalId
    userPrincipalId: createRoleForUser ? principalId : ''
    userPrincipalType: principalType
  }
}

module network 'app/vnet.bicep' = if (vnetEnabled) {
  name: 'network'
  scope: group
  params: {
    name: '${abbreviations.virtualNetwork}${token}'
    natName: '${abbreviations.natGateway}${token}'
    publicIpName: '${abbreviations.publicIp}${token}'
    securityGroupName: '${abbreviations.networkSecurityGroup}${token}'
    location: location
    tags: tags
  }
}

module endpoints 'app/private-endpoints.bicep' = if (vnetEnabled) {
  name: 'endpoints'
  scope: group
  params: {
    prefix: '${abbreviations.privateEndpoint}${token}'
    location: location
    tags: tags
    networkId: network.?outputs.?id ?? ''
    subnetId: network.?outputs.?endpointsSubnetId ?? ''
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
  }
}

module api 'app/api.bicep' = {
  name: 'api'
  scope: group
  params: {
    name: appName
    planName: '${abbreviations.plan}${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    deploymentContainer: deploymentContainer
    insightsName: monitoring.outputs.insightsName
    vaultName: vault.outputs.name
    subnetId: network.?outputs.?appSubnetId ?? ''
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    durableAlwaysReady: durableAlwaysReady
    liveItems: liveItems
    privateTargets: privateTargets
    retentionDays: retentionDays
    echoTarget: echoTarget
    entraClientId: entraClientId
    secrets: secrets
    webhookKeys: webhookKeys
  }
  // The first start finds its roles given, and its storage reachable.
  dependsOn: [roles, endpoints]
}

module alerts 'app/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    storageId: storage.outputs.id
    email: alertEmail
  }
}

module workbook 'app/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_API_NAME string = api.outputs.name
output SERVICE_API_URI string = api.outputs.uri
output AZURE_STORAGE_ACCOUNT_NAME string = storage.outputs.name
output AZURE_KEY_VAULT_NAME string = vault.outputs.name
output ROLLCALL_ECHO_TARGET bool = echoTarget
output ROLLCALL_ENTRA_CLIENT_ID string = entraClientId
output ROLLCALL_OUTBOUND_IP string = network.?outputs.?outboundIp ?? ''
