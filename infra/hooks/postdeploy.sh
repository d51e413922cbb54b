#!/bin/sh
# Sends a batch through the app that was just deployed to the app's own echo, proves its receipt, and deletes it.
# azd sets the variables from the outputs of infra/main.bicep.
set -eu

items=20
minutes=10

fail() {
  echo "The smoke batch failed: $1" >&2
  exit 1
}

if [ "$(printf %s "$ROLLCALL_ECHO_TARGET" | tr '[:upper:]' '[:lower:]')" != true ]; then
  echo "No smoke batch was sent, because echoTarget is off."
  exit 0
fi

for tool in az curl dotnet; do
  command -v "$tool" > /dev/null || fail "it needs '$tool', which is not installed. Then: azd hooks run postdeploy"
done

cd "$(dirname "$0")/../.."
cli=${ROLLCALL_CLI:-dotnet run --project src/Rollcall.Cli --}
umask 077
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
end=$(($(date +%s) + minutes * 60))

wait_or_fail() {
  [ "$(date +%s)" -lt "$end" ] || fail "$1 within $minutes minutes. The app's log says why: Application Insights in $AZURE_RESOURCE_GROUP."
  sleep 2
}

# A role that was just given may take some minutes to work.
until curl -fsS "$SERVICE_API_URI/api/health" -o "$folder/health" 2> /dev/null; do
  wait_or_fail "the app did not answer /api/health"
done

read_key() {
  az functionapp "$@" -g "$AZURE_RESOURCE_GROUP" -n "$SERVICE_API_NAME" -o tsv 2> "$folder/error"
}

until key=$(read_key keys list --query functionKeys.default) && [ -n "$key" ] \
  && echo_key=$(read_key function keys list --function-name Echo --query default) && [ -n "$echo_key" ]; do
  ! grep -qi 'az login' "$folder/error" || fail "az is not logged in. az login, then: azd hooks run postdeploy"
  wait_or_fail "the app's keys could not be read ($(head -n 1 "$folder/error"))"
done

# In a file, because whoever may list processes sees their arguments. The batch stores the key of the echo, which opens nothing else.
{
  echo "x-functions-key: $key"
  if [ -n "${ROLLCALL_ENTRA_CLIENT_ID:-}" ]; then
    token=$(az account get-access-token --resource "api://$ROLLCALL_ENTRA_CLIENT_ID" --query accessToken -o tsv) \
      || fail "az got no token for api://$ROLLCALL_ENTRA_CLIENT_ID. docs/deploy.md says how to let it."
    echo "Authorization: Bearer $token"
  fi
} > "$folder/headers"
{
  cat "$folder/headers"
  echo "Content-Type: application/x-ndjson"
  echo "X-Rollcall-Header-x-functions-key: $echo_key"
} > "$folder/start-headers"

number=0
while [ "$number" -lt "$items" ]; do
  echo "{\"item\":$number}"
  number=$((number + 1))
done > "$folder/items.jsonl"

id=smoke-$(date +%s)-$$
batch="$SERVICE_API_URI/api/batches/$id"
curl -sS --fail-with-body -H "@$folder/start-headers" --data-binary "@$folder/items.jsonl" \
  "$SERVICE_API_URI/api/batches?id=$id&to=$SERVICE_API_URI/api/echo" -o "$folder/started" || fail "$(cat "$folder/started" 2> /dev/null)"
until curl -fsS -H "@$folder/headers" "$batch/receipt" -o "$folder/receipt.json" 2> /dev/null; do
  wait_or_fail "batch $id did not complete"
done

curl -fsS -H "@$folder/headers" "$batch/results" -o "$folder/results.jsonl" || fail "the results of batch $id could not be read."
$cli verify "$folder/results.jsonl" --receipt "$folder/receipt.json" --items "$folder/items.jsonl" || fail "batch $id is not proven."
succeeded=$(grep -c '"status":"succeeded"' "$folder/results.jsonl" || true)
[ "$succeeded" -eq "$items" ] || fail "$succeeded of $items items succeeded. The first result: $(head -n 1 "$folder/results.jsonl")"
curl -fsS -X DELETE -H "@$folder/headers" "$batch" -o "$folder/deleted" || fail "batch $id succeeded, and could not be deleted."
echo "The smoke batch $id succeeded: $items items, $items responses, receipt verified. It is deleted again."
