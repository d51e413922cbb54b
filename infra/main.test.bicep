// What PSRule for Azure expands and checks: the deployment with everything on.
targetScope = 'subscription'

module everything 'main.bicep' = {
  name: 'everything'
  params: {
    environmentName: 'test'
    location: 'swedencentral'
    vnetEnabled: true
    principalId: '00000000-0000-0000-0000-000000000001'
    principalType: 'ServicePrincipal'
    createRoleForUser: true
    instanceMemoryMB: 4096
    maximumInstanceCount: 100
    durableAlwaysReady: 2
    liveItems: 6400
    privateTargets: '10.1.0.0/16'
    retentionDays: 90
    softDeleteDays: 14
    storageSku: 'Standard_GZRS'
    echoTarget: false
    entraClientId: '00000000-0000-0000-0000-000000000002'
    secrets: [{ name: 'SCORE_TOKEN', origins: 'https://api.example.com' }]
    webhookKeys: [{ name: 'HOOK', origins: 'https://hooks.example.com' }]
    alertEmail: 'oncall@example.com'
    vaultPurgeProtection: true
  }
}
