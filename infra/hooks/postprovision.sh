#!/bin/sh
# Says where the app is and how to try it. azd sets the variables from the outputs of infra/main.bicep.
set -eu

cat <<TEXT

Rollcall is at $SERVICE_API_URI. Its code comes with 'azd deploy', which 'azd up' goes on with.

The key, for ROLLCALL_KEY or the header x-functions-key:

  export ROLLCALL_SERVER=$SERVICE_API_URI
  export ROLLCALL_KEY=\$(az functionapp keys list -g $AZURE_RESOURCE_GROUP -n $SERVICE_API_NAME --query functionKeys.default -o tsv)

Then a first batch, of lines of JSON in items.jsonl:

  dotnet run --project src/Rollcall.Cli -- submit items.jsonl --to https://TARGET/ --watch

TEXT
if [ -n "${ROLLCALL_ENTRA_CLIENT_ID:-}" ]; then
  cat <<TEXT
Requests also need a token of Entra ID, so use curl with the header 'Authorization: Bearer TOKEN':

  az account get-access-token --resource api://$ROLLCALL_ENTRA_CLIENT_ID --query accessToken -o tsv

TEXT
fi
