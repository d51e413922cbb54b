# Says where the app is and how to try it. azd sets the variables from the outputs of infra/main.bicep.
$ErrorActionPreference = 'Stop'

Write-Host @"

Rollcall is at $env:SERVICE_API_URI. Its code comes with 'azd deploy', which 'azd up' goes on with.

The key, for ROLLCALL_KEY or the header x-functions-key:

  `$env:ROLLCALL_SERVER = '$env:SERVICE_API_URI'
  `$env:ROLLCALL_KEY = az functionapp keys list -g $env:AZURE_RESOURCE_GROUP -n $env:SERVICE_API_NAME --query functionKeys.default -o tsv

Then a first batch, of lines of JSON in items.jsonl:

  dotnet run --project src/Rollcall.Cli -- submit items.jsonl --to https://TARGET/ --watch

"@
if ($env:ROLLCALL_ENTRA_CLIENT_ID) {
    Write-Host @"
Requests also need a token of Entra ID, in the header 'Authorization: Bearer TOKEN':

  az account get-access-token --resource api://$env:ROLLCALL_ENTRA_CLIENT_ID --query accessToken -o tsv

"@
}
